// ${env:NAME}, ${file:PATH} and ${credential:NAME} inside values; `$${` stands for `${`.
//
// Every value put in is registered with log::add_secret before anything else sees it. A file's last line end is left
// out. Thread: reentrant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/problem.h"

namespace lynceus::config {

/// Where substitutions look.
struct Sources {
  std::string folder;                         ///< relative paths start here
  bool allowed = true;                        ///< settings files must not read secrets
  std::vector<std::string>* files = nullptr;  ///< takes the files that were read
};

/// A text after substitution.
struct Expanded {
  std::string text;
  bool secret = false;  ///< something was put in: never show it
};

/// Nothing, and a problem, when a source is missing or the text is malformed.
std::optional<Expanded> expand(const std::string& text, const Place& place, const Sources& sources, Problems& problems);

/// A file's content up to `limit` bytes; throws std::runtime_error with the reason.
std::string read_bounded(const std::string& file, std::size_t limit);

}  // namespace lynceus::config
