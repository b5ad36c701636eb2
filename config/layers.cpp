#include "config/layers.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "config/substitute.h"
#include "config/tables.h"
#include "config/walker.h"

namespace lynceus::config {
namespace {

namespace fs = std::filesystem;

void erase(Node& node, const std::string& key) {
  std::erase_if(node.entries, [&](const Node::Entry& entry) { return entry.key == key; });
}

void put(Node& node, Node::Entry entry) {
  for (Node::Entry& old : node.entries) {
    if (old.key == entry.key) {
      old = std::move(entry);
      return;
    }
  }
  node.entries.push_back(std::move(entry));
}

bool both_maps(const Node* base, const Node& over) {
  return base != nullptr && base->kind == Node::Kind::map && over.kind == Node::Kind::map;
}

/// Analyzers: plugin by plugin, and their dotted options one by one.
Node merged_plugins(const Node& base, const Node& over, int levels) {
  Node out = base;
  out.place = over.place;
  for (const Node::Entry& entry : over.entries) {
    const Node* old = base.find(entry.key);
    const bool deeper = levels > 0 && both_maps(old, entry.value);
    put(out, {entry.key, entry.place, deeper ? merged_plugins(*old, entry.value, levels - 1) : entry.value});
  }
  return out;
}

Node merged_value(const Row* row, const Node* base, const Node& over) {
  if (row == nullptr || !both_maps(base, over)) return over;
  if (row->type == Type::section) return merged(row->rows, *base, over);
  if (row->type == Type::analyzers) return merged_plugins(*base, over, 1);
  return over;
}

std::optional<Node> read_file(const fs::path& file, Problems& problems) {
  try {
    return parse_yaml(read_bounded(file.string(), kMaxFileBytes), file.string(), problems);
  } catch (const std::runtime_error& error) {
    Place place;
    place.file = std::make_shared<const std::string>(file.string());
    problems.add(place, error.what());
    return {};
  }
}

}  // namespace

Node merged(const std::vector<Row>& rows, const Node& base, const Node& over) {
  if (base.kind != Node::Kind::map || (over.kind != Node::Kind::map && !over.empty())) return over;
  Node out = base;
  out.place = over.place;
  for (const Node::Entry& entry : over.entries) {
    const Row* row = find_row(rows, entry.key);
    if (row != nullptr && !row->instead_of.empty() && over.find(row->instead_of) == nullptr)
      erase(out, row->instead_of);
    put(out, {entry.key, entry.place, merged_value(row, base.find(entry.key), entry.value)});
  }
  return out;
}

Node normalized(const std::vector<Row>& rows, const Node& layer, Problems& problems) {
  Node out = layer;
  for (Node::Entry& entry : out.entries) {
    const Row* row = find_row(rows, entry.key);
    if (row == nullptr || row->type != Type::analyzers) continue;
    for (Node::Entry& plugin : entry.value.entries) plugin.value = dotted(plugin.value, problems);
  }
  return out;
}

std::vector<Node::Entry> read_settings(const std::string& directory, const SettingsDraft* draft, Problems& problems) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(fs::path(directory) / "settings.d", error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".yaml" && camera_id(at->path().stem().string())) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Node::Entry> out;
  const auto add = [&](const std::string& id, std::optional<Node> node) {
    if (node) out.push_back({id, node->place, std::move(*node)});
  };
  for (const fs::path& file : files) {
    const std::string id = file.stem().string();
    if (draft == nullptr || draft->camera != id) add(id, read_file(file, problems));
  }
  if (draft != nullptr && draft->yaml) {
    add(draft->camera, parse_yaml(*draft->yaml, settings_file(directory, draft->camera), problems));
  }
  return out;
}

}  // namespace lynceus::config
