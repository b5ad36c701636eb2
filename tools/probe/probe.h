// `lynceus probe URL`: what a camera's address gives.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_probe(std::span<const std::string> args);

}  // namespace lynceus::tools
