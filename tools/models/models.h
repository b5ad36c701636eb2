// `lynceus models`: networks that are known, fetched and checked.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

int run_models(std::span<const std::string> args);

}  // namespace lynceus::tools
