// Rendered clips kept on disk, so that a second start costs a read: $XDG_CACHE_HOME/lynceus/clips or
// /tmp/lynceus-cache-UID, 0700 and ours, or no cache at all.
//
// A clip is keyed by a hash of its recipe and of the program that made it, written beside and renamed, read back with
// every length checked. Processes that want the same clip wait for the first one to make it (flock). Thread: any.
#pragma once

#include <functional>
#include <string>

#include "tools/simulate/clip.h"

namespace lynceus::tools {

class ClipCache {
 public:
  /// An empty folder: the usual place.
  explicit ClipCache(std::string folder = {});
  /// The clip of this recipe, made by `make` when there is none.
  ClipPtr get(const std::string& recipe, const std::function<Clip()>& make) const;

 private:
  std::string folder_;  ///< empty: nothing is kept
};

/// The file format, for the cache and its tests: throws Error (Exit::unreadable) unless every byte is in its place.
std::string pack(const Clip& clip);
Clip unpack(const std::string& bytes);

}  // namespace lynceus::tools
