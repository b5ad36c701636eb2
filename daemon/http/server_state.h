// What the connections of a server share, and who of them is where. Internal to server.cpp, connection.cpp,
// streams.cpp.
#pragma once

// clang-format off: Asio of Boost 1.74 needs <utility> before its coroutines
#include <utility>
// clang-format on

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "daemon/http/server.h"
#include "daemon/http/tls.h"

namespace lynceus::daemon::http {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
template <class T>
using Task = asio::awaitable<T>;
using std::chrono::milliseconds;

inline auto into(ErrorCode& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// Counts a viewer for as long as it lives.
class Counted {
 public:
  explicit Counted(std::atomic<int>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<int>& count_;
};

/// Open connections; the one to be let go when there is no room is the one that has waited longest for its client.
class Crowd {
 public:
  using Close = std::function<void()>;

  /// A connection that begins, waiting for its client. Ends with the object.
  class Place {
   public:
    Place(Crowd& crowd, Close close);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    void waits();   ///< for the client's next request
    void serves();  ///< is at work: not to be let go

   private:
    Crowd& crowd_;
    const std::uint64_t id_;
  };

  /// Lets the longest waiting connection go; false when all are at work.
  bool make_room();
  int size() const;

 private:
  struct Member {
    Close close;
    bool waiting = true, leaving = false, fresh = true;  ///< fresh: no request was ever complete
    std::uint64_t since = 0;                             ///< order of beginning to wait
  };
  mutable std::mutex mutex_;
  std::uint64_t next_ = 1;                   // guarded by mutex_
  std::map<std::uint64_t, Member> members_;  // guarded by mutex_
};

/// Closed when the server ends: from then on nobody outside may post to its io_context.
struct Gate {
  std::mutex mutex;
  bool open = true;  // guarded by mutex
};

/// Lets other threads wake one connection's coroutine; does nothing once connection or server are gone.
class Waker : public std::enable_shared_from_this<Waker> {
 public:
  Waker(asio::any_io_executor executor, std::shared_ptr<Gate> gate)
      : timer_(std::move(executor)), gate_(std::move(gate)) {}

  /// For other threads. `first` runs on the connection's strand before it wakes.
  std::function<void(std::function<void()> first)> handle();
  /// Until woken or the time is over.
  Task<void> wait(milliseconds at_most);

 private:
  asio::steady_timer timer_;
  const std::shared_ptr<Gate> gate_;
  bool woken_ = false;  ///< the strand's
};

struct ServerState {
  ServerState(asio::io_context& context, ServerSettings given, Server::Handler answers, PictureSource& source,
              ServerObserver hears);

  asio::io_context& io;
  const ServerSettings settings;
  const Server::Handler handler;
  PictureSource& pictures;
  const ServerObserver observer;
  asio::ip::tcp::acceptor acceptor;
  std::unique_ptr<Tls> tls;  ///< null: plain
  const std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  Crowd crowd;
  std::atomic<int> viewers{0};

  void dropped(const char* reason) const {
    if (observer.dropped) observer.dropped(reason);
  }
  void answered(int status) const {
    if (observer.answered) observer.answered(status);
  }
};

}  // namespace lynceus::daemon::http
