// Ends the process when a graceful end takes too long: a plugin that never returns cannot be joined.
//
// Armed by the first stop signal, on a thread of its own since any other may hang. Thread: any.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

namespace lynceus::daemon {

class Deadline {
 public:
  /// `last_words` runs before _exit(status) and must not wait for long.
  Deadline(std::chrono::milliseconds within, std::function<void()> last_words, int status);

  void arm();  ///< the first call counts

 private:
  void run(std::stop_token stop);

  const std::chrono::milliseconds within_;
  const std::function<void()> last_words_;
  const int status_;
  std::once_flag armed_;
  std::jthread thread_;
};

}  // namespace lynceus::daemon
