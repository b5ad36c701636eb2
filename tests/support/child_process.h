// A child process whose every word is kept for the test's message: signalled by pid, waited for with a deadline.
//
// Not tools/process/piped_child.h, which lets stderr pass and must be read from: here stdout and stderr go to one file
// that nobody has to read while it runs, the environment can be added to, and what still runs at the end is killed.
//
//   test::ChildProcess daemon({program, "--config", file});   daemon.signal(SIGTERM);   CHECK(daemon.wait(2s) == 0);
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lynceus::test {

class ChildProcess {
 public:
  /// stdout and stderr go to one temporary file; `environment` is added to ours.
  explicit ChildProcess(const std::vector<std::string>& command,
                        const std::map<std::string, std::string>& environment = {});
  ~ChildProcess();  ///< kills what still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// The exit status (128 + signal when killed), or nothing when it still runs after the time.
  std::optional<int> wait(std::chrono::milliseconds within);
  bool running() { return !wait(std::chrono::milliseconds{0}); }
  /// What it has written so far.
  std::string output() const;

 private:
  pid_t pid_ = -1;
  int pid_fd_ = -1;
  std::string output_file_;
  std::optional<int> status_;
};

}  // namespace lynceus::test
