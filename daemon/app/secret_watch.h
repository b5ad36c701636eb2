// Notices that a file whose content is part of the configuration (${file:}, ${credential:}) has another content.
//
// A look costs one stat a file. What changed is told once it has been the same for two looks, so that a file under
// writing is left in peace. Follows links: secrets of containers change by a link that is turned.
// Thread: watch() and look() any.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace lynceus::daemon {

class SecretWatch {
 public:
  /// From now on these; as they are now is how they should be.
  void watch(std::vector<std::string> files);
  /// True once for each change.
  bool look();

 private:
  /// Device, inode, size, time of the last change in ns; zeros where there is no file.
  using Print = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t>;
  using Prints = std::vector<Print>;

  static Print print_of(const std::string& file);
  Prints prints() const;

  std::mutex mutex_;
  std::vector<std::string> files_;  // guarded by mutex_
  Prints told_, last_;              // guarded by mutex_
};

}  // namespace lynceus::daemon
