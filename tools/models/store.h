// A folder of networks: a file is there under its name only when it is the right one. Thread: bound to its owner.
#pragma once

#include <string>
#include <vector>

#include "pipeline/models/model_list.h"

namespace lynceus::tools {

/// Where a file may come from.
struct Origins {
  std::string folder;                ///< not empty: from there alone, nothing is asked of the web
  std::vector<std::string> mirrors;  ///< folders on the web, asked in order; then where it was published
};

/// Fetches the file into the folder, written beside its place and renamed when size and SHA-256 are right. Throws Error
/// (Exit::unreadable) where nobody has it, (Exit::fatal) where it cannot be written.
void pull(const models::ModelFile& file, const std::string& folder, const Origins& origins);

}  // namespace lynceus::tools
