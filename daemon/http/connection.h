// One connection: request after request, each read whole with its limits, answered, and again. Internal to the server.
// Thread: its strand.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/fields.hpp>
#include <memory>
#include <string_view>

#include "daemon/api/message.h"
#include "daemon/http/intake.h"
#include "daemon/http/server_state.h"
#include "daemon/http/wire.h"

namespace lynceus::daemon::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Wire::Socket socket, std::shared_ptr<ServerState> state);

  Wire::executor_type executor() { return wire_.get_executor(); }
  /// Takes its place among the server's connections; before serve().
  void enter();
  Task<void> serve();

 private:
  Task<bool> shake_hands();
  /// False: the connection is to be closed.
  Task<bool> serve_one();
  Task<bool> refuse(Refused refused);
  Task<void> linger();
  Task<bool> give(Answer answer, Terms terms);

  Task<bool> write(Response response, Terms terms);
  Task<Response> later(const DeferredAnswer& answer);

  // streams.cpp
  Task<bool> send_picture(const PictureAnswer& wanted, Terms terms);
  Task<JpegPtr> first_picture(const PictureAnswer& wanted);
  Task<void> stream_pictures(const PictureAnswer& wanted);
  Task<bool> send_part(JpegPtr jpeg);
  Task<bool> send_events(const EventsAnswer& answer, Terms terms);
  Task<bool> send_file(const FileAnswer& wanted, Terms terms);
  Task<bool> begin_stream(std::string_view type);
  Task<bool> send_bytes(std::string_view bytes);
  Task<void> pause(milliseconds time);

  const std::shared_ptr<ServerState> state_;
  Wire wire_;
  boost::beast::flat_buffer buffer_;
  std::string local_, peer_;
  std::unique_ptr<Crowd::Place> place_;
  bool first_ = true;
};

/// Keeps the connection for as long as it is served.
Task<void> serve(std::shared_ptr<Connection> connection);

/// Those of every answer, and the answer's own.
void set_fields(boost::beast::http::fields& fields, const Response& response);

}  // namespace lynceus::daemon::http
