// One plugin's options from the command line and from a file, checked by the plugin's own table.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "config/config.h"
#include "config/tables.h"
#include "config/walker.h"

namespace lynceus::config {
namespace {

using Json = nlohmann::json;

constexpr const char* kCommandLine = "--set";

/// A JSON value as the node that the file would give.
Node to_node(const Json& json, const Place& place, int levels = 0) {
  Node node;
  node.place = place;
  if (json.is_null() || levels > kMaxLevels) return node;
  if (json.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, value] : json.items()) {
      const Place child = place.child(key, 0, 0);
      node.entries.push_back({key, child, to_node(value, child, levels + 1)});
    }
  } else if (json.is_array()) {
    node.kind = Node::Kind::sequence;
    for (std::size_t i = 0; i < json.size(); ++i) {
      node.items.push_back(to_node(json[i], place.child("[" + std::to_string(i) + "]", 0, 0), levels + 1));
    }
  } else {
    node.kind = Node::Kind::scalar;
    node.quoted = json.is_string();
    node.text = node.quoted ? json.get<std::string>() : json.dump();
  }
  return node;
}

[[noreturn]] void wrong_usage(const std::string& set, const std::string& why) {
  throw Error(Exit::usage, kCommandLine, set, why);
}

/// key=value: JSON, or a bare text (detector=yolox).
Node::Entry parse_set(const std::string& set, const Place& root) {
  const std::size_t sign = set.find('=');
  if (sign == std::string::npos || sign == 0) wrong_usage(shown(set), "accepted: KEY=VALUE");
  const std::string key = set.substr(0, sign), text = set.substr(sign + 1);
  if (text.size() > kMaxFileBytes) wrong_usage(shown(key), "more than 1 MiB");
  const Place place = root.child(key, 0, 0);
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_discarded()) return {key, place, to_node(json, place)};
  Node node;
  node.kind = Node::Kind::scalar;
  node.place = place;
  node.text = text;
  return {key, place, std::move(node)};
}

/// Nothing where neither form of the file says anything of the plugin.
Node section_of(const Node& root, const std::string& plugin) {
  if (const Node* own = root.find(plugin)) return *own;
  const Node* node = &root;
  for (const char* key : {"defaults", "analyzers"}) {
    node = node->find(key);
    if (node == nullptr) return {};
  }
  const Node* own = node->find(plugin);
  return own != nullptr ? *own : Node{};
}

Node read_section(const std::string& file, const std::string& plugin, Problems& problems) {
  Node section = section_of(read_yaml(file), plugin);
  // `when` is the daemon's business; a single analyzer is called for every picture.
  std::erase_if(section.entries, [](const Node::Entry& entry) { return entry.key == "when"; });
  return dotted(section, problems);
}

std::map<std::string, Value> read_sets(const std::vector<Row>& rows, const std::vector<std::string>& sets) {
  Problems problems;
  Place root;
  root.file = std::make_shared<const std::string>(kCommandLine);
  Node node;
  node.kind = Node::Kind::map;
  for (const std::string& set : sets) {
    Node::Entry entry = parse_set(set, root);
    std::erase_if(node.entries, [&](const Node::Entry& old) { return old.key == entry.key; });  // the last one counts
    node.entries.push_back(std::move(entry));
  }
  Walker walker(problems, std::filesystem::current_path().string(), kCommandLine, nullptr);
  auto values = walker.values(rows, dotted(node, problems), "");
  if (problems.any()) {
    const std::string line = problems.lines().front();  // "--set: KEY: why"
    const std::string rest = line.substr(std::string(kCommandLine).size() + 2);
    const std::size_t colon = rest.find(": ");
    wrong_usage(rest.substr(0, colon), rest.substr(colon + 2));
  }
  return values;
}

}  // namespace

sdk::Options plugin_options(const sdk::PluginInfo& plugin, const std::vector<std::string>& sets) {
  return plugin_options(plugin, "", sets);
}

sdk::Options plugin_options(const sdk::PluginInfo& plugin, const std::string& file,
                            const std::vector<std::string>& sets) {
  std::vector<Row> rows = plugin_rows(plugin.options);
  std::map<std::string, Value> values;
  if (!file.empty()) {
    Problems problems;
    const Node section = read_section(file, plugin.name, problems);
    const std::string folder = std::filesystem::absolute(file).parent_path().string();
    values = Walker(problems, folder, file, nullptr).values(rows, section, "");
    problems.raise();
  }
  for (Row& row : rows) {
    if (const auto given = values.find(row.key); given != values.end()) row.fallback = given->second;
  }
  std::map<std::string, sdk::OptionValue, std::less<>> out;
  for (const auto& [key, value] : read_sets(rows, sets)) out.emplace(key, to_option(value));
  return sdk::Options(std::move(out));
}

}  // namespace lynceus::config
