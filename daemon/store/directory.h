// The folder the daemon keeps its state in: made when missing, held by one daemon at a time.
// Owner: app. Thread: bound to its owner.
#pragma once

#include <string>

namespace lynceus::daemon {

/// `configured`, or the first of $STATE_DIRECTORY, or ./lynceus-state.
std::string state_directory(const std::string& configured);

class StorageDirectory {
 public:
  /// state_directory(configured). Throws Error (Exit::fatal) when it cannot be made or is
  /// held by another process.
  explicit StorageDirectory(const std::string& configured);
  ~StorageDirectory();
  StorageDirectory(const StorageDirectory&) = delete;
  StorageDirectory& operator=(const StorageDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int lock_ = -1;
};

}  // namespace lynceus::daemon
