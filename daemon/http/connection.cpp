#include "daemon/http/connection.h"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/log.h"
#include "daemon/api/api.h"
#include "daemon/api/problem.h"

namespace lynceus::daemon::http {
namespace {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

constexpr milliseconds kLinger{1'000};
constexpr std::size_t kLingerBytes = 256 * 1024;

beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }

Wire make_wire(Wire::Socket socket, ServerState& state) {
  if (state.tls) return Wire(std::move(socket), state.tls->context());
  return Wire(std::move(socket));
}

std::string address_of(Wire::Socket& socket, bool peer) {
  ErrorCode error;
  const auto endpoint = peer ? socket.remote_endpoint(error) : socket.local_endpoint(error);
  auto address = endpoint.address();
  if (error) return {};
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address.to_string();
}

/// "Sun, 06 Nov 1994 08:49:37 GMT": the page tells by it how old a picture is, whatever its own clock says.
std::string http_date(std::time_t time) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm at{};
  gmtime_r(&time, &at);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[at.tm_wday], at.tm_mday,
                kMonths[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
  return text.data();
}

}  // namespace

Task<void> serve(std::shared_ptr<Connection> connection) { co_await connection->serve(); }

void set_fields(bhttp::fields& fields, const Response& response) {
  fields.set(bhttp::field::content_type, view(response.type));
  fields.set(bhttp::field::date, http_date(std::time(nullptr)));
  for (const auto& [field, value] : security_headers()) fields.set(view(field), view(value));
  for (const auto& [field, value] : response.headers) fields.set(view(field), view(value));
}

Connection::Connection(Wire::Socket socket, std::shared_ptr<ServerState> state)
    : state_(std::move(state)),
      wire_(make_wire(std::move(socket), *state_)),
      buffer_(state_->settings.header_bytes + state_->settings.body_bytes) {}

void Connection::enter() {
  place_ = std::make_unique<Crowd::Place>(state_->crowd, [weak = weak_from_this(), executor = executor()] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->wire_.lowest().close();
    });
  });
}

Task<void> Connection::serve() {
  ErrorCode ignored;
  wire_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  local_ = address_of(wire_.socket(), false);
  peer_ = address_of(wire_.socket(), true);
  bool more = co_await shake_hands();
  for (; more; first_ = false) more = co_await serve_one();
  if (auto* secure = wire_.secure()) {
    wire_.expires_after(kLinger);
    co_await secure->async_shutdown(into(ignored));
  }
  wire_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

Task<bool> Connection::shake_hands() {
  auto* secure = wire_.secure();
  if (secure == nullptr) co_return true;
  wire_.expires_after(state_->settings.header_timeout);
  ErrorCode error;
  co_await secure->async_handshake(asio::ssl::stream_base::server, into(error));
  if (error == beast::error::timeout) state_->dropped("header");
  co_return !error;
}

Task<bool> Connection::serve_one() {
  Parser parser;
  bound(parser, state_->settings);
  ErrorCode error;
  if (!first_ && buffer_.size() == 0) {  // between requests a client may take its time
    place_->waits();
    wire_.expires_after(state_->settings.idle_timeout);
    const auto space = buffer_.prepare(1024);
    const std::size_t got = co_await wire_.async_read_some(space, into(error));
    if (error) co_return false;
    buffer_.commit(got);
  }
  wire_.expires_after(state_->settings.header_timeout);
  co_await bhttp::async_read_header(wire_, buffer_, parser, into(error));
  if (!error) {
    if (const auto refused = refusal_of(parser.get())) co_return co_await refuse(*refused);
    if (waits_for_continue(parser.get())) {
      if (!co_await send_bytes("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
      wire_.expires_after(state_->settings.header_timeout);
    }
    co_await bhttp::async_read(wire_, buffer_, parser, into(error));
  }
  if (const auto refused = refusal_of(error)) co_return co_await refuse(*refused);
  if (error == beast::error::timeout) state_->dropped("header");
  if (error) co_return false;

  place_->serves();
  auto message = parser.release();
  const Terms terms = terms_of(message);
  Request request = request_of(message);
  request.local_address = local_;
  request.peer_address = peer_;
  request.tls = wire_.secure() != nullptr;
  Answer answer = state_->handler(request);
  co_return co_await give(std::move(answer), terms);
}

Task<bool> Connection::give(Answer answer, Terms terms) {
  if (auto* deferred = std::get_if<DeferredAnswer>(&answer)) {
    Response response = co_await later(*deferred);
    co_return co_await write(std::move(response), terms);
  }
  if (const auto* picture = std::get_if<PictureAnswer>(&answer)) co_return co_await send_picture(*picture, terms);
  if (const auto* file = std::get_if<FileAnswer>(&answer)) co_return co_await send_file(*file, terms);
  if (const auto* events = std::get_if<EventsAnswer>(&answer)) co_return co_await send_events(*events, terms);
  co_return co_await write(std::move(std::get<Response>(answer)), terms);
}

/// The rest of the request is not read: closing at once would reset the connection before the client has the answer.
Task<bool> Connection::refuse(Refused refused) {
  Response response = problem(refused.status, refused.why);
  if (co_await write(std::move(response), Terms{11, false, false})) co_return true;
  co_await linger();
  co_return false;
}

Task<void> Connection::linger() {
  ErrorCode error;
  if (wire_.secure() == nullptr) wire_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  wire_.expires_after(kLinger);
  buffer_.clear();
  for (std::size_t taken = 0; !error && taken < kLingerBytes;) {
    const auto space = buffer_.prepare(8192);
    taken += co_await wire_.async_read_some(space, into(error));
  }
}

Task<Response> Connection::later(const DeferredAnswer& answer) {
  auto outcome = std::make_shared<std::optional<Response>>();  // the strand's
  const auto waker = std::make_shared<Waker>(executor(), state_->gate);
  answer.begin([wake = waker->handle(), outcome](Response response) {
    wake([outcome, response = std::move(response)]() mutable {
      if (!*outcome) *outcome = std::move(response);
    });
  });
  const auto until = std::chrono::steady_clock::now() + state_->settings.reply_wait;
  while (!*outcome) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds{0}) co_return problem(504, "the daemon took too long; what was asked may still happen");
    co_await waker->wait(left);
  }
  co_return std::move(**outcome);
}

Task<bool> Connection::write(Response response, Terms terms) {
  bhttp::response<bhttp::string_body> message(static_cast<bhttp::status>(response.status), terms.version);
  message.reason(view(reason_phrase(response.status)));
  set_fields(message, response);
  message.keep_alive(terms.keep_alive);
  const std::size_t size = response.body.size();
  if (!terms.head) message.body() = std::move(response.body);
  message.content_length(size);
  if (response.status == 204 || response.status == 304) {
    message.erase(bhttp::field::content_length);
    message.erase(bhttp::field::content_type);
  }
  state_->answered(response.status);
  wire_.expires_after(state_->settings.write_timeout);
  ErrorCode error;
  co_await bhttp::async_write(wire_, message, into(error));
  if (error == beast::error::timeout) state_->dropped("slow");
  co_return !error && terms.keep_alive;
}

}  // namespace lynceus::daemon::http
