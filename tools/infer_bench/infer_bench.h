// `lynceus bench inference [--json] [--models DIR] [--device N] [--seconds S]`: every network that is here on every
// back end that is here, at batches of 1, 4, 16 and 32.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_infer_bench(std::span<const std::string> args);

}  // namespace lynceus::tools
