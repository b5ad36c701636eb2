// Host names to addresses without holding anybody up: the C library looks them up on threads of its own, each name by
// itself. (Asio's resolver does one after the other, so that one silent name server would hold up every receiver.)
// Thread: reentrant; `done` is called once, on a thread of the C library.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>
#include <vector>

namespace lynceus::daemon::notify {

struct Addresses {
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;
  std::string error;  ///< why there are none
};

/// Numeric addresses are answered at once, on the caller's thread.
void look_up(const std::string& host, int port, std::function<void(Addresses)> done);

}  // namespace lynceus::daemon::notify
