// `lynceus token`: makes, lists and removes the tokens of a daemon. Thread: main.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_token(std::span<const std::string> args);

}  // namespace lynceus::tools
