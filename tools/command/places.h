// Where plugins and models lie when nobody says: beside the program (a build tree) or where they were installed.
#pragma once

#include <string>
#include <vector>

namespace lynceus::tools {

/// `given` if not empty. Throws Error (Exit::usage) when there is no such folder.
std::string plugins_at(const std::string& given);
/// `given` if not empty; may be empty when no models are there.
std::string models_at(const std::string& given);
/// Where networks are looked for, in order: `given` if not empty, then the program's own folder.
std::vector<std::string> model_folders(const std::string& given);

}  // namespace lynceus::tools
