// One connection's bytes, plain or TLS, with one deadline for whatever is under way. An AsyncStream of Asio.
// Thread: the connection's strand.
#pragma once

// clang-format off: Asio of Boost 1.74 needs <utility> before its coroutines
#include <utility>
// clang-format on

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace lynceus::daemon::http {

class Wire {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Plain = boost::beast::tcp_stream;
  using Secure = boost::beast::ssl_stream<Plain>;
  using executor_type = Plain::executor_type;

  explicit Wire(Socket socket) { plain_.emplace(std::move(socket)); }
  Wire(Socket socket, std::shared_ptr<boost::asio::ssl::context> context) : context_(std::move(context)) {
    secure_.emplace(Plain(std::move(socket)), *context_);
  }

  executor_type get_executor() { return lowest().get_executor(); }
  Plain& lowest() { return plain_ ? *plain_ : secure_->next_layer(); }
  Socket& socket() { return lowest().socket(); }
  Secure* secure() { return secure_ ? &*secure_ : nullptr; }
  void expires_after(std::chrono::milliseconds time) { lowest().expires_after(time); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return plain_ ? plain_->async_read_some(buffers, std::forward<Token>(token))
                  : secure_->async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return plain_ ? plain_->async_write_some(buffers, std::forward<Token>(token))
                  : secure_->async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::optional<Plain> plain_;
  std::optional<Secure> secure_;
};

}  // namespace lynceus::daemon::http
