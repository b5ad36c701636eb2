#include "config/canonical.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/scalars.h"

namespace lynceus::config {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> kOfTheMainFile{"url",     "streams",    "kind",      "transport",
                                                         "decoder", "latency_ms", "verify_tls"};

/// Equal keys and depth, while it is read: later nobody could tell.
class Watch {
 public:
  bool operator()(int depth, ordered_json::parse_event_t event, const ordered_json& value) {
    if (depth > kMaxLevels) throw ConfigError("settings", "more than 64 levels");
    if (event == ordered_json::parse_event_t::object_start) keys_.emplace_back();
    if (event == ordered_json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
    if (event == ordered_json::parse_event_t::key && !keys_.back().insert(value.get<std::string>()).second) {
      throw ConfigError(value.get<std::string>(), "stands here twice");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_;
};

ordered_json parse(const std::string& text) {
  if (text.size() > kMaxFileBytes) throw ConfigError("settings", "more than 1 MiB");
  Watch watch;
  ordered_json root;
  try {
    root = ordered_json::parse(text, std::ref(watch));
  } catch (const ordered_json::exception&) {
    throw ConfigError("settings", "no valid JSON; accepted: an object");
  }
  if (!root.is_object()) throw ConfigError("settings", "is no object; accepted: an object");
  return root;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> hex{};
      std::snprintf(hex.data(), hex.size(), "\\x%02X", static_cast<unsigned>(c));
      out += hex.data();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string key_text(const std::string& key) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
  };
  const bool bare = !key.empty() && std::isalpha(static_cast<unsigned char>(key[0])) != 0 &&
                    std::all_of(key.begin(), key.end(), plain);
  return bare ? key : quoted(key);
}

std::string flow(const Node& node) {
  std::string inside;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return node.quoted ? quoted(node.text) : node.text;
    case Node::Kind::sequence:
      for (const Node& item : node.items) inside += (inside.empty() ? "" : ", ") + flow(item);
      return "[" + inside + "]";
    case Node::Kind::map:
      for (const Node::Entry& entry : node.entries) {
        inside += (inside.empty() ? "" : ", ") + key_text(entry.key) + ": " + flow(entry.value);
      }
      return "{" + inside + "}";
  }
  return {};
}

void block(const Node& map, const std::string& indent, std::string& out) {
  for (const Node::Entry& entry : map.entries) {
    out += indent + key_text(entry.key) + ":";
    if (entry.value.kind == Node::Kind::map && !entry.value.entries.empty()) {
      out += "\n";
      block(entry.value, indent + "  ", out);
    } else {
      out += " " + flow(entry.value) + "\n";
    }
  }
}

Node node_of(const ordered_json& value) {
  Node node;
  if (value.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, inner] : value.items()) node.entries.push_back({key, {}, node_of(inner)});
  } else if (value.is_array()) {
    node.kind = Node::Kind::sequence;
    for (const ordered_json& inner : value) node.items.push_back(node_of(inner));
  } else if (!value.is_null()) {
    node.kind = Node::Kind::scalar;
    node.quoted = value.is_string();
    node.text = node.quoted ? value.get<std::string>() : value.dump();
  }
  return node;
}

ordered_json scalar_of(const Node& node) {
  if (node.quoted) return node.text;
  if (node.text == "true") return true;
  if (node.text == "false") return false;
  if (const auto whole = parse_integer(node.text)) return *whole;
  if (const auto number = parse_number(node.text)) return *number;
  return node.text;
}

ordered_json value_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      break;
    case Node::Kind::scalar:
      return scalar_of(node);
    case Node::Kind::sequence: {
      ordered_json list = ordered_json::array();
      for (const Node& item : node.items) list.push_back(value_of(item));
      return list;
    }
    case Node::Kind::map: {
      ordered_json map = ordered_json::object();
      for (const Node::Entry& entry : node.entries) map[entry.key] = value_of(entry.value);
      return map;
    }
  }
  return nullptr;
}

}  // namespace

std::string canonical_yaml(const std::string& json, Keys keys) {
  const ordered_json root = parse(json);
  for (const std::string_view key : kOfTheMainFile) {
    if (keys == Keys::settable && root.contains(key))
      throw ConfigError(std::string(key), "belongs in the main file: how a camera is reached");
  }
  return yaml_of(node_of(root));
}

std::string yaml_of(const Node& map) {
  std::string out;
  block(map, "", out);
  return out;
}

std::string json_of(const Node& node) {
  return value_of(node).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace lynceus::config
