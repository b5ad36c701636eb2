// `lynceus evaluate`: a plugin on data whose truth is known, our figures beside the published ones.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_evaluate(std::span<const std::string> args);

}  // namespace lynceus::tools
