// `lynceus version`: versions of the program, its libraries and plugins.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_version(std::span<const std::string> args);

}  // namespace lynceus::tools
