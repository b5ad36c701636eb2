// Walks a tree along a table: unknown keys, missing keys, values, entries; stores what is right and notes the origins.
//
// One walker reads one configuration. Thread: bound to its owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/row.h"
#include "config/substitute.h"
#include "config/values.h"

namespace lynceus::config {

class Walker {
 public:
  /// `folder`: where relative paths start. Substitutions are allowed in `main_file` alone. `origins` may be null; then
  /// nothing is required either: a part that is shared is checked, not used.
  Walker(Problems& problems, std::string folder, std::string main_file, std::vector<Origin>* origins);

  /// A map against its rows. A node that is empty gives the defaults. `path` is the key that origins name: a value that
  /// cameras share stands elsewhere in the file.
  void section(const std::vector<Row>& rows, const Node& node, Target& target, const std::string& path);

  /// Rows without a place to store: a plugin's options. Keys that are given, and fallbacks.
  std::map<std::string, Value> values(const std::vector<Row>& rows, const Node& node, const std::string& path);

  Problems& problems() { return problems_; }
  const std::string& folder() const { return folder_; }
  void note(const std::string& key, const std::string& value, const std::string& where);
  /// Files that secrets came from go there; may be null.
  void tell_files(std::vector<std::string>* files) { files_ = files; }

 private:
  Reading reading_for(const Node& node) const;
  bool is_map(const Row* row, const Node& node);
  void check_keys(const std::vector<Row>& rows, const Node& node);
  void check_exclusive(const std::vector<Row>& rows, const Node& node);
  void one(const Row& row, const Node& node, Target& target, const std::string& path);
  void missing(const Row& row, const Node& parent, Target& target, const std::string& path);
  void named(const Row& row, const Node& node, Target& target, const std::string& path);
  void list(const Row& row, const Node& node, Target& target, const std::string& path);
  void value(const Row& row, const Node& node, Target& target, const std::string& path);

  Problems& problems_;
  const std::string folder_, main_file_;
  std::vector<Origin>* origins_;
  std::vector<std::string>* files_ = nullptr;
};

/// Nested maps as dotted keys: {scale: {low: 1}} → {scale.low: 1}. A key given in both ways is a problem.
Node dotted(const Node& node, Problems& problems);

}  // namespace lynceus::config
