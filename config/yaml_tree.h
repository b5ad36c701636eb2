// YAML as this project reads it: a small tree of our own in which every node knows its place.
//
// Built from yaml-cpp's events, never from its nodes: equal keys, tags, anchors and more than 64 levels are refused
// while the text is read, so that hostile YAML neither hides a key nor overflows the stack. Thread: reentrant.
//
//   Problems problems;
//   const std::optional<Node> root = parse_yaml(text, "lynceus.yaml", problems);
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"

namespace lynceus::config {

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr int kMaxLevels = 64;

/// One value of the tree.
struct Node {
  enum class Kind { null, scalar, sequence, map };
  struct Entry;

  Kind kind = Kind::null;
  Place place;
  std::string text;     ///< of a scalar
  bool quoted = false;  ///< a quoted scalar is text, whatever it looks like
  std::vector<Node> items;
  std::vector<Entry> entries;  ///< of a map, in the file's order; no key twice

  bool empty() const { return kind == Kind::null; }
  const Node* find(std::string_view key) const;
  /// "text", "a list", "a map" …: for messages.
  const char* kind_name() const;
};

struct Node::Entry {
  std::string key;
  Place place;  ///< of the key
  Node value;
};

/// A file of the configuration, at most kMaxFileBytes; throws ConfigError.
std::string read_config_file(const std::string& file);
Node read_yaml(const std::string& file);

/// Nothing when there were problems; an empty text is an empty map.
std::optional<Node> parse_yaml(const std::string& text, const std::string& name, Problems& problems);

}  // namespace lynceus::config
