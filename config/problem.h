// What is wrong with a configuration, where, and the words for it. All problems of a load are collected.
//
// Values of the file are quoted in messages only through shown(), which masks credentials. Thread: reentrant.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lynceus::config {

/// The way from the root to a node; nodes share the parts they have in common.
struct Path {
  std::shared_ptr<const Path> parent;
  std::string key;
};

/// Where something stands: file, line, column (from 1) and key path.
struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0, column = 0;
  std::shared_ptr<const Path> path;

  std::string key() const;    ///< cameras.door.url; empty at the root
  std::string where() const;  ///< FILE:LINE:COLUMN
  Place child(const std::string& name, int child_line, int child_column) const;
};

/// Collects problems; the same one met twice (in what cameras share) counts once.
class Problems {
 public:
  void add(const Place& place, const std::string& why);
  bool any() const { return !found_.empty(); }
  /// In the order of the file; each "FILE:LINE:COLUMN: KEY: why".
  std::vector<std::string> lines() const;
  /// Throws ConfigError with all of them, if there are any.
  void raise() const;

 private:
  struct Problem {
    std::string file;
    int line, column;
    std::string text;
  };
  std::vector<Problem> found_;
};

/// A text of the file as it may appear in a message: short, printable, without credentials, in single quotes.
std::string shown(std::string_view text);

/// The nearest of the names if it is near enough to be meant; else empty.
std::string nearest(std::string_view name, std::span<const std::string> names);
/// "; did you mean 'x'?" or "; accepted: a, b, c".
std::string accepted(std::string_view name, std::span<const std::string> names);
std::string joined(std::span<const std::string> names);

}  // namespace lynceus::config
