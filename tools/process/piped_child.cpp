#include "tools/process/piped_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iterator>

#include "base/error.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

constexpr auto kGrace = 3000ms;

int left_ms(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 3'600'000));
}

/// Between fork and exec: system calls only.
[[noreturn]] void become(char* const* argv, int in, int out, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(127);  // the parent went before the line above
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(in, STDIN_FILENO);
  if (out >= 0) dup2(out, STDOUT_FILENO);
  execv(argv[0], argv);
  _exit(127);
}

void close_all(std::initializer_list<int> fds) {
  for (const int fd : fds)
    if (fd >= 0) close(fd);
}

}  // namespace

PipedChild::PipedChild(const std::vector<std::string>& command, Output output) {
  int in[2] = {-1, -1}, out[2] = {-1, -1};
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const bool piped = output == Output::pipe;
  if (pipe2(in, O_CLOEXEC) == 0 && (!piped || pipe2(out, O_CLOEXEC) == 0)) pid_ = fork();
  if (pid_ == 0) become(argv.data(), in[0], out[1], parent);
  const int error = errno;
  close_all({in[0], out[1]});
  if (pid_ < 0) {
    close_all({in[1], out[0]});
    throw Error(Exit::fatal, "cannot start", command.front(), std::strerror(error));
  }
  input_ = in[1];
  output_ = LineReader(out[0]);
  pid_fd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

PipedChild::~PipedChild() {
  close_input();
  signal(SIGTERM);
  if (!wait(kGrace)) {
    signal(SIGKILL);
    wait(kGrace);
  }
  close_all({output_.fd(), pid_fd_});
}

bool PipedChild::write_line(std::string_view line) {
  if (input_ < 0) return false;
  const std::string text = std::string(line) + "\n";
  // A whole line is below PIPE_BUF in all our uses; a reader that is gone must not end us.
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &before);
  const bool written = write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  sigaction(SIGPIPE, &before, nullptr);
  return written;
}

std::optional<std::string> PipedChild::read_line(std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    if (auto line = output_.take()) return line;
    pollfd ready{output_.fd(), POLLIN, 0};
    if (poll(&ready, 1, left_ms(deadline)) <= 0) return std::nullopt;
    if (!output_.fill()) return output_.take();
  }
}

void PipedChild::close_input() {
  close_all({input_});
  input_ = -1;
}

void PipedChild::signal(int number) const {
  if (!status_ && pid_ > 0) kill(pid_, number);
}

std::optional<int> PipedChild::wait(std::chrono::milliseconds within) {
  if (status_) return status_;
  pollfd ended{pid_fd_, POLLIN, 0};
  if (poll(&ended, 1, static_cast<int>(within.count())) <= 0) return std::nullopt;
  int raw = 0;
  if (waitpid(pid_, &raw, 0) != pid_) return std::nullopt;
  status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return status_;
}

double PipedChild::cpu_seconds() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  // Fields 14 and 15 of proc(5); the name before them may hold blanks.
  long long user = 0, system = 0;
  std::sscanf(text.c_str() + name_end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace lynceus::tools
