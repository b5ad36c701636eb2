// The seam to a receiver: one request, one answer. The real one is WebClient; tests have their own.
// Thread: post() and cancel() the owner; `done` is called once for each post(), on any thread, never from within it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/notify/verdict.h"

namespace lynceus::daemon::notify {

struct Post {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

class Poster {
 public:
  virtual ~Poster() = default;
  virtual void post(Post request, std::function<void(const Answer&)> done) = 0;
  /// Ends what is under way; its `done` is called.
  virtual void cancel() = 0;
};

}  // namespace lynceus::daemon::notify
