// The tokens as the file holds them now: looked at with every request that needs them, read again when it changed.
//
// A file that cannot be read leaves the tokens as they were. Once there were tokens there is no way back to "none made"
// but a restart: somebody who can only remove the file does not open the door. Owner: app. Thread: any.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/log.h"
#include "config/tokens.h"

namespace lynceus::daemon::http {

class TokenKeeper {
 public:
  /// Throws Error for a file that is wrong now.
  explicit TokenKeeper(std::string state_directory);

  /// True when no token was ever made as far as this process knows.
  bool none_made();
  std::optional<config::Token> find(std::string_view secret);

 private:
  using Stamp = std::tuple<ino_t, std::int64_t, std::int64_t, off_t>;  ///< inode, seconds, nanoseconds, size
  Stamp stamp() const;
  void refresh();

  const std::string directory_, file_;
  std::mutex mutex_;
  Stamp read_{};                       // guarded by mutex_
  std::vector<config::Token> tokens_;  // guarded by mutex_
  bool made_ = false;                  // guarded by mutex_
};

}  // namespace lynceus::daemon::http
