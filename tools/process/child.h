// A child process the owner is answerable for: started with a pipe on its stdout, ended with its owner.
//
// Dies with us (PR_SET_PDEATHSIG). The destructor asks with SIGTERM, waits, then SIGKILLs; only the pid started here is
// ever signalled. Thread: bound to its owner.
//
//   Child server({program_beside_us("lynceusd"), "--config", file});
//   while (auto line = server.read_line(5s)) …
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace lynceus::tools {

class Child {
 public:
  enum class Output { pipe, inherit };
  /// Throws Error (Exit::fatal) when the program cannot be started.
  explicit Child(const std::vector<std::string>& command, Output output = Output::pipe);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  /// The next line of its stdout without the newline; nothing at its end or when the time is up.
  std::optional<std::string> read_line(std::chrono::milliseconds within);
  /// Exit status as in a shell (128 + signal); nothing while it runs or when the time is up.
  std::optional<int> wait(std::chrono::milliseconds within);
  void signal(int number) const;
  /// User and system CPU time so far of all its threads, seconds.
  double cpu_seconds() const;

 private:
  pid_t pid_ = -1;
  int pid_fd_ = -1;
  int out_ = -1;
  std::string pending_;
  std::optional<int> status_;
};

/// The path of another program of ours, installed or built beside this one.
std::string program_beside_us(const std::string& name);

}  // namespace lynceus::tools
