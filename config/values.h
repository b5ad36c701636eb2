// From a node to a checked value, and back to text: one reader for our own keys and for plugins' options.
//
// Thread: reentrant.
#pragma once

#include <optional>
#include <string>

#include "config/row.h"
#include "config/substitute.h"
#include "config/yaml_tree.h"

namespace lynceus::config {

/// What reading values needs besides the node.
struct Reading {
  Problems& problems;
  Sources sources;
};

/// A checked value and what may be shown of it.
struct Checked {
  Value value;
  std::string shown;
};

/// Nothing, and a problem noted, when the node does not fit the row.
std::optional<Checked> read_value(const Row& row, const Node& node, const Reading& reading);

/// "a whole number from 0 to 65535": what the row accepts, in words.
std::string expectation(const Row& row);
/// As it would stand in YAML (flow style); text in quotes only where it must.
std::string yaml_text(const Row& row, const Value& value);

}  // namespace lynceus::config
