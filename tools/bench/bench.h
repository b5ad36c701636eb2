// `lynceus bench [NAME]`: measurements anyone can repeat on his own box.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_bench(std::span<const std::string> args);

}  // namespace lynceus::tools
