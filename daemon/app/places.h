// Where things lie that the configuration does not name: in a build tree beside the program, installed in the
// tree the program lies in (PREFIX/sbin/lynceusd, PREFIX/lib/lynceus/plugins). Thread: any.
#pragma once

#include <string>
#include <vector>

namespace lynceus::daemon {

std::string plugin_directory(const std::string& configured);
/// The configured one, if any, then the program's own, which may not exist.
std::vector<std::string> model_directories(const std::string& configured);

}  // namespace lynceus::daemon
