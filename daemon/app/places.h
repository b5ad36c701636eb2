// Where things lie that the configuration does not name: in a build tree beside the program, installed in the
// tree the program lies in (PREFIX/sbin/lynceusd, PREFIX/lib/lynceus/plugins). Thread: any.
#pragma once

#include <string>

namespace lynceus::daemon {

std::string plugin_directory(const std::string& configured);
/// Empty when there is none.
std::string models_directory(const std::string& configured);

}  // namespace lynceus::daemon
