// Data on stdout, one JSON object a line. Never NaN (null instead), never broken UTF-8. Thread: bound to its owner.
#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>

#include "plugins/sdk/value.h"

namespace lynceus::tools {

using Json = nlohmann::ordered_json;

Json to_json(const sdk::Value& value);
/// A number, or null when it is none.
Json finite(double value);
std::string to_line(const Json& object);

/// Writes the line and flushes; throws Error (Exit::fatal) when nobody reads any more.
void print_line(const Json& object, std::FILE* to = stdout);

}  // namespace lynceus::tools
