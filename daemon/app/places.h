// Where things lie that the configuration does not name: beside the program in a build tree, else where they are
// installed. Thread: any.
#pragma once

#include <string>

namespace lynceus::daemon {

std::string plugin_directory(const std::string& configured);
/// Empty when there is none.
std::string models_directory(const std::string& configured);

}  // namespace lynceus::daemon
