// Lists: numbers, points, polygons, names, days. Each element is checked and has its own place in messages.
// Thread: reentrant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/values.h"

namespace lynceus::config {

bool is_shape(Type type);
std::optional<Value> read_shape(const Row& row, const Node& node, const Reading& reading);

/// "mon-fri" or "sun" as 0 = Monday …; empty when it is neither.
std::vector<int> parse_days(const std::string& text);

}  // namespace lynceus::config
