// Tells systemd how we are (sd_notify's protocol over $NOTIFY_SOCKET), without its library. Silent where nobody
// listens. Thread: any.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace lynceus::daemon {

class ServiceManager {
 public:
  ServiceManager();  ///< reads $NOTIFY_SOCKET and $WATCHDOG_USEC
  explicit ServiceManager(std::string socket) : socket_(std::move(socket)) {}

  void ready(const std::string& status) const;
  void reloading() const;
  void stopping() const;
  void status(const std::string& text) const;
  void watchdog() const;

  /// How often watchdog() is due at the latest; nothing: nobody watches.
  std::optional<std::chrono::microseconds> watchdog_period() const { return watchdog_; }

 private:
  void send(const std::string& message) const;

  std::string socket_;  ///< path, or @name of an abstract socket; empty: none
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace lynceus::daemon
