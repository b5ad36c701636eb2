// A file descriptor that closes itself. Thread: bound to its owner.
//
//   const Fd file(::open(path, O_RDONLY | O_CLOEXEC));
//   if (!file) fail(errno);
#pragma once

#include <unistd.h>

#include <utility>

namespace lynceus {

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// At once; false when something written did not reach the file.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

}  // namespace lynceus
