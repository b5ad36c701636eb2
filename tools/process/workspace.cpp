#include "tools/process/workspace.h"

#include <stdlib.h>

#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace lynceus::tools {

Workspace::Workspace(const std::string& command) {
  std::string name = (std::filesystem::temp_directory_path() / ("lynceus-" + command + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) throw Error(Exit::fatal, command, name, "cannot make a temporary folder");
  path_ = name;
}

Workspace::~Workspace() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace lynceus::tools
