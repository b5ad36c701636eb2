// A child process with a pipe into it and a pipe out of it, which does not outlive us.
//
// It gets SIGTERM when our thread that started it ends, and sees the end of its input when we close it or die. The
// destructor asks with both, waits three seconds and kills; only the process started here is ever signalled. Thread:
// bound to its owner, which must stay alive.
//
//   PipedChild decoder({program_beside_us("lynceus"), "bench", "--bare", url});
//   if (const auto line = decoder.read_line(deadline)) …
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/process/line_reader.h"

namespace lynceus::tools {

class PipedChild {
 public:
  /// Where its stdout goes: to us, or where ours goes.
  enum class Output { pipe, inherit };
  /// Throws Error (Exit::fatal) when no process can be made; a program that cannot be run exits with 127.
  explicit PipedChild(const std::vector<std::string>& command, Output output = Output::pipe);
  ~PipedChild();
  PipedChild(const PipedChild&) = delete;
  PipedChild& operator=(const PipedChild&) = delete;

  pid_t pid() const { return pid_; }
  LineReader& output() { return output_; }
  /// False when it no longer reads.
  bool write_line(std::string_view line);
  /// The next line, waited for until then; nothing when it ended or time is up.
  std::optional<std::string> read_line(std::chrono::steady_clock::time_point deadline);
  void close_input();
  void signal(int number) const;
  /// Its exit code (128 + signal when killed), waited for at most so long.
  std::optional<int> wait(std::chrono::milliseconds within);
  /// User and system CPU time so far of all its threads.
  double cpu_seconds() const;

 private:
  pid_t pid_ = -1;
  int pid_fd_ = -1, input_ = -1;
  LineReader output_{-1};
  std::optional<int> status_;
};

}  // namespace lynceus::tools
