// SIGINT and SIGTERM as something poll() can wait for. Thread: make it in main before other threads exist.
#pragma once

namespace lynceus::tools {

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable once one of them has come.
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace lynceus::tools
