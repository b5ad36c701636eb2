// `lynceus backup FILE`: everything worth keeping of a state directory in one file, while the daemon runs; and back.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tools/backup/archive.h"

namespace lynceus::tools {

/// What is worth keeping of a state directory, into a file; and back, into a folder that is empty or not there.
std::vector<Member> back_up(const std::string& state, const std::string& file);
std::vector<Member> restore(const std::string& file, const std::string& state);

/// Throws Error: wrong usage, a folder that cannot be read, a disk that is full.
int run_backup(std::span<const std::string> args);

}  // namespace lynceus::tools
