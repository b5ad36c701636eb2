#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/fd.h"
#include "daemon/notify/mqtt_link.h"
#include "daemon/notify/name_lookup.h"

namespace lynceus::daemon::notify {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;

struct Lookup {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::optional<Addresses> found;  // guarded by mutex
};

/// Nothing when the time is up or a stop came: who answers later finds `lookup` alone.
std::optional<Addresses> find_host(const std::string& host, int port, milliseconds within, std::stop_token stop) {
  auto lookup = std::make_shared<Lookup>();
  look_up(host, port, [lookup](Addresses found) {
    std::lock_guard lock(lookup->mutex);
    lookup->found = std::move(found);
    lookup->changed.notify_all();
  });
  std::unique_lock lock(lookup->mutex);
  lookup->changed.wait_for(lock, stop, within, [&] { return lookup->found.has_value(); });
  return std::exchange(lookup->found, std::nullopt);
}

/// Empty when a connection stood.
std::string try_address(const tcp::endpoint& endpoint, milliseconds within, int stop_fd) {
  const Fd socket(::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return std::strerror(errno);
  if (::connect(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0) return {};
  if (errno != EINPROGRESS) return std::strerror(errno);
  std::array<pollfd, 2> fds{{{socket.get(), POLLOUT, 0}, {stop_fd, POLLIN, 0}}};
  const int ready = poll(fds.data(), fds.size(), static_cast<int>(within.count()));
  if (ready <= 0) return "nothing within the time";
  if (fds[1].revents != 0) return "ended";
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? "" : std::strerror(error);
}

}  // namespace

std::string probe(const std::string& host, int port, milliseconds within, std::stop_token stop) {
  const auto found = find_host(host, port, within, stop);
  if (!found) return "the host's name: nothing within the time";
  if (found->endpoints.empty()) return found->error;
  const Fd stop_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const std::stop_callback wake(stop, [&] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_fd.get(), &one, sizeof one);
  });
  std::string why;
  for (const tcp::endpoint& endpoint : found->endpoints) {
    why = try_address(endpoint, within, stop_fd.get());
    if (why.empty() || stop.stop_requested()) break;
  }
  return why.empty() ? why : "connecting: " + why;
}

}  // namespace lynceus::daemon::notify
