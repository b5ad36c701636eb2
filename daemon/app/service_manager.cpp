#include "daemon/app/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace lynceus::daemon {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::optional<std::chrono::microseconds> watchdog_of_environment() {
  const std::string pid = environment("WATCHDOG_PID");
  if (!pid.empty() && pid != std::to_string(getpid())) return std::nullopt;
  const long long period = std::atoll(environment("WATCHDOG_USEC").c_str());
  if (period <= 0) return std::nullopt;
  return std::chrono::microseconds(period);
}

/// One line each: a newline would begin an assignment of its own.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

long long monotonic_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

ServiceManager::ServiceManager() : socket_(environment("NOTIFY_SOCKET")), watchdog_(watchdog_of_environment()) {}

void ServiceManager::send(const std::string& message) const {
  sockaddr_un address{};
  if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path) return;
  if (socket_.front() != '/' && socket_.front() != '@') return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address),
           length);
  ::close(fd);
}

void ServiceManager::ready(const std::string& text) const { send("READY=1\nSTATUS=" + one_line(text)); }
void ServiceManager::reloading() const { send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_us())); }
void ServiceManager::stopping() const { send("STOPPING=1"); }
void ServiceManager::status(const std::string& text) const { send("STATUS=" + one_line(text)); }
void ServiceManager::watchdog() const { send("WATCHDOG=1"); }

}  // namespace lynceus::daemon
