// `lynceus analyze`: one plugin on pictures, videos or a live camera, one JSON object a frame on stdout.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_analyze(std::span<const std::string> args);

}  // namespace lynceus::tools
