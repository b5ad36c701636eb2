// `lynceus check`: says what is wrong with configuration files, all of it, before a daemon reads them.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

/// 0 when every file is right, 78 when one is not. Throws Error for wrong usage.
int run_check(std::span<const std::string> args);

}  // namespace lynceus::tools
