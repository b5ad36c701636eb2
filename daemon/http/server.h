// The HTTP server: sockets, limits and time-outs around a plain function from Request to Answer.
//
// Connections are coroutines on the io threads, each on a strand of its own. A viewer of a stream gets the newest
// picture when it can take one, never a queue; one that takes nothing for some seconds is dropped. When all places are
// taken, the connection that has waited longest for its client goes. Only connection.cpp, streams.cpp and server.cpp
// see Beast. Owner: app. Thread: start() and the destructor the owner. Connections end with the io_context, which
// outlives the server and has stopped by then.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "daemon/api/message.h"
#include "daemon/live/pictures.h"

namespace boost::asio {
class io_context;
}

namespace lynceus::daemon::http {

struct ServerSettings {
  std::string address = "127.0.0.1";
  int port = 8080;  ///< 0: any free one
  int connections = 256;
  int viewers = 128;  ///< of streams and events, within `connections`
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::string tls_certificate, tls_key;              ///< PEM files; empty: plain HTTP
  std::chrono::milliseconds header_timeout{10'000};  ///< for a whole request, body included
  std::chrono::milliseconds idle_timeout{60'000};    ///< between two requests of a connection
  std::chrono::milliseconds write_timeout{5'000};    ///< for one answer, one picture of a stream
  std::chrono::milliseconds picture_wait{3'000};     ///< for the first picture of a camera or view
  std::chrono::milliseconds reply_wait{30'000};      ///< for an answer that is given later
};

/// What metrics want to hear. Called on io threads.
struct ServerObserver {
  std::function<void(int status)> answered;
  std::function<void(const std::string& reason)> dropped;  ///< limit, slow, header
};

struct ServerState;

class Server {
 public:
  using Handler = std::function<Answer(const Request&)>;

  Server(boost::asio::io_context& io, ServerSettings settings, Handler handler, PictureSource& pictures,
         ServerObserver observer = {});
  ~Server();

  /// Binds and begins to accept; returns the port. Throws Error (Exit::fatal) when the address cannot be taken.
  int start();
  int connections() const;

 private:
  std::shared_ptr<ServerState> state_;  ///< with the connections, which end with the io_context
};

}  // namespace lynceus::daemon::http
