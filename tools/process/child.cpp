#include "tools/process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kGrace = 3000ms;

int left_ms(Steady::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()).count();
  return static_cast<int>(std::max<long long>(0, left));
}

[[noreturn]] void become(const std::vector<std::string>& command, int out, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(127);  // the parent went before the line above
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (out >= 0) dup2(out, STDOUT_FILENO);
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

}  // namespace

Child::Child(const std::vector<std::string>& command, Output output) {
  int ends[2] = {-1, -1};
  if (output == Output::pipe && pipe2(ends, O_CLOEXEC) != 0) {
    throw Error(Exit::fatal, "cannot start", command.front(), std::strerror(errno));
  }
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(command, ends[1], parent);
  if (ends[1] >= 0) close(ends[1]);
  out_ = ends[0];
  if (pid_ < 0) {
    if (out_ >= 0) close(out_);
    throw Error(Exit::fatal, "cannot start", command.front(), std::strerror(errno));
  }
  pid_fd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

Child::~Child() {
  if (!status_) {
    signal(SIGTERM);
    if (!wait(kGrace)) {
      signal(SIGKILL);
      wait(kGrace);
    }
  }
  if (out_ >= 0) close(out_);
  if (pid_fd_ >= 0) close(pid_fd_);
}

std::optional<std::string> Child::read_line(std::chrono::milliseconds within) {
  const auto deadline = Steady::now() + within;
  for (;;) {
    const std::size_t end = pending_.find('\n');
    if (end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    pollfd ready{out_, POLLIN, 0};
    if (out_ < 0 || poll(&ready, 1, left_ms(deadline)) <= 0) return std::nullopt;
    char bytes[4096];
    const ssize_t got = read(out_, bytes, sizeof bytes);
    if (got <= 0) return std::nullopt;
    pending_.append(bytes, static_cast<std::size_t>(got));
  }
}

std::optional<int> Child::wait(std::chrono::milliseconds within) {
  if (status_) return status_;
  pollfd ended{pid_fd_, POLLIN, 0};
  if (poll(&ended, 1, static_cast<int>(within.count())) <= 0) return std::nullopt;
  int raw = 0;
  if (waitpid(pid_, &raw, 0) != pid_) return std::nullopt;
  status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return status_;
}

void Child::signal(int number) const {
  if (!status_ && pid_ > 0) kill(pid_, number);
}

double Child::cpu_seconds() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  // Fields 14 and 15 of proc(5); the name before them may hold blanks.
  long long user = 0, system = 0;
  std::sscanf(text.c_str() + name_end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string program_beside_us(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

}  // namespace lynceus::tools
