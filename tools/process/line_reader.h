// Lines out of a file descriptor, as they come: poll() it, then fill() and take what is complete.
//
// A line longer than 64 KiB is cut there. Thread: bound to its owner. Does not own the descriptor.
#pragma once

#include <optional>
#include <string>

namespace lynceus::tools {

class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}
  int fd() const { return fd_; }

  /// One read(); false at the end of the input or on an error.
  bool fill();
  std::optional<std::string> take();

 private:
  int fd_;
  std::string pending_;
};

}  // namespace lynceus::tools
