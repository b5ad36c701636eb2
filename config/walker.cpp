#include "config/walker.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace lynceus::config {
namespace {

constexpr std::size_t kMostEntries = 1000;

std::vector<std::string> keys_of(const std::vector<Row>& rows) {
  std::vector<std::string> keys;
  for (const Row& row : rows) keys.push_back(row.key);
  return keys;
}

std::string below(const std::string& path, const std::string& key) { return path.empty() ? key : path + "." + key; }

void flatten(const Node& node, const std::string& prefix, Node& out, Problems& problems) {
  for (const Node::Entry& entry : node.entries) {
    const std::string key = prefix.empty() ? entry.key : prefix + "." + entry.key;
    if (entry.value.kind == Node::Kind::map) {
      flatten(entry.value, key, out, problems);
    } else if (out.find(key) != nullptr) {
      problems.add(entry.place, "the key " + shown(key) + " is given twice, dotted and nested");
    } else {
      out.entries.push_back({key, entry.place, entry.value});
    }
  }
}

}  // namespace

Node dotted(const Node& node, Problems& problems) {
  if (node.kind != Node::Kind::map) return node;
  Node out;
  out.kind = Node::Kind::map;
  out.place = node.place;
  flatten(node, "", out, problems);
  return out;
}

Walker::Walker(Problems& problems, std::string folder, std::string main_file, std::vector<Origin>* origins)
    : problems_(problems), folder_(std::move(folder)), main_file_(std::move(main_file)), origins_(origins) {}

void Walker::note(const std::string& key, const std::string& value, const std::string& where) {
  if (origins_ != nullptr) origins_->push_back({key, value, where});
}

Reading Walker::reading_for(const Node& node) const {
  return {problems_, {folder_, node.place.file && *node.place.file == main_file_, files_}};
}

bool Walker::is_map(const Row* row, const Node& node) {
  if (node.kind == Node::Kind::map || node.empty()) return true;
  problems_.add(node.place,
                std::string("is ") + node.kind_name() + "; accepted: " + (row ? expectation(*row) : "a map"));
  return false;
}

void Walker::check_keys(const std::vector<Row>& rows, const Node& node) {
  for (const Node::Entry& entry : node.entries) {
    if (find_row(rows, entry.key) == nullptr) {
      problems_.add(entry.place, "unknown key" + accepted(entry.key, keys_of(rows)));
    }
  }
}

void Walker::check_exclusive(const std::vector<Row>& rows, const Node& node) {
  for (const Node::Entry& entry : node.entries) {
    const Row* row = find_row(rows, entry.key);
    if (row == nullptr || row->instead_of.empty() || row->instead_of > row->key) continue;
    if (node.find(row->instead_of) != nullptr) {
      problems_.add(entry.place, "stands beside '" + row->instead_of + "'; accepted: one of the two");
    }
  }
}

void Walker::section(const std::vector<Row>& rows, const Node& node, Target& target, const std::string& path) {
  if (!is_map(nullptr, node)) return;
  check_keys(rows, node);
  check_exclusive(rows, node);
  for (const Row& row : rows) {
    if (row.shared) continue;
    if (const Node* value = node.find(row.key)) {
      one(row, *value, target, below(path, row.key));
    } else {
      missing(row, node, target, below(path, row.key));
    }
  }
}

void Walker::missing(const Row& row, const Node& parent, Target& target, const std::string& path) {
  if (origins_ == nullptr) return;
  if (row.required) problems_.add(parent.place, "the key '" + row.key + "' is missing; accepted: " + expectation(row));
  if (row.type == Type::section && row.instead_of.empty()) {
    return section(row.rows, Node{}, target, path);
  }
  if (!row.show) return;
  const auto value = row.show(target);
  const std::string text = value ? yaml_text(row, *value) : "";
  note(path, row.unset.empty() ? text : row.unset, "default");
}

void Walker::one(const Row& row, const Node& node, Target& target, const std::string& path) {
  switch (row.type) {
    case Type::section:
      section(row.rows, node, target, path);
      break;
    case Type::named:
      return named(row, node, target, path);
    case Type::list:
      return list(row, node, target, path);
    case Type::analyzers:
    case Type::plugin_options:
      if (!is_map(&row, node)) return;
      break;
    default:
      return value(row, node, target, path);
  }
  if (row.keep) row.keep(target, node);
}

void Walker::named(const Row& row, const Node& node, Target& target, const std::string& path) {
  if (!is_map(&row, node)) return;
  if (node.entries.size() > kMostEntries) return problems_.add(node.place, "more than 1000 entries");
  for (const Node::Entry& entry : node.entries) {
    const std::string why = row.name_problem ? row.name_problem(entry.key) : "";
    if (!why.empty()) {
      problems_.add(entry.place, why);
      continue;
    }
    Target child = row.enter(target, entry.key, entry.value);
    section(row.rows, entry.value, child, below(path, entry.key));
  }
}

void Walker::list(const Row& row, const Node& node, Target& target, const std::string& path) {
  if (node.kind != Node::Kind::sequence) {
    const std::string what = node.empty() ? "has no value" : std::string("is ") + node.kind_name();
    return problems_.add(node.place, what + "; accepted: " + expectation(row));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    Target child = row.enter(target, "", node.items[i]);
    section(row.rows, node.items[i], child, path + "[" + std::to_string(i) + "]");
  }
}

void Walker::value(const Row& row, const Node& node, Target& target, const std::string& path) {
  if (row.keep) row.keep(target, node);
  const auto checked = read_value(row, node, reading_for(node));
  if (!checked) return;
  if (row.store) row.store(target, checked->value);
  note(path, checked->shown, node.place.where());
}

std::map<std::string, Value> Walker::values(const std::vector<Row>& rows, const Node& node, const std::string& path) {
  std::map<std::string, Value> out;
  check_keys(rows, node);
  for (const Row& row : rows) {
    if (const Node* given = node.find(row.key)) {
      if (auto checked = read_value(row, *given, reading_for(*given))) {
        note(below(path, row.key), checked->shown, given->place.where());
        out.emplace(row.key, std::move(checked->value));
      }
    } else if (row.fallback) {
      out.emplace(row.key, *row.fallback);
      note(below(path, row.key), yaml_text(row, *row.fallback), "default");
    }
  }
  return out;
}

}  // namespace lynceus::config
