// A camera's settings between the API and their file: JSON as people and pages send it, YAML without comments and
// always written the same way, and back.
//
// Texts are quoted and numbers are not, so that what is read is what was sent; keys keep their order. Hostile JSON
// (equal keys, more than 64 levels, broken text) is refused here, what the keys mean is the loader's to check. Thread:
// reentrant.
#pragma once

#include <string>

#include "config/yaml_tree.h"

namespace lynceus::config {

/// `settable`: how a camera is reached (url and its like) belongs in the main file.
enum class Keys { all, settable };

/// Throws ConfigError ("KEY: why") for what is no JSON object, and for keys that may not be set.
std::string canonical_yaml(const std::string& json, Keys keys);

/// Block maps, all else in one line.
std::string yaml_of(const Node& map);
/// Numbers, true and false where they stand without quotes.
std::string json_of(const Node& node);

}  // namespace lynceus::config
