#include "daemon/http/server.h"

// clang-format off: Asio of Boost 1.74 needs <utility> before its coroutines
#include <utility>
// clang-format on

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "daemon/http/api.h"
#include "daemon/http/problem.h"

namespace lynceus::daemon::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using Stream = beast::tcp_stream;
using ErrorCode = boost::system::error_code;
template <class T>
using Task = asio::awaitable<T>;
using std::chrono::milliseconds;

constexpr std::string_view kBoundary = "lynceus";
constexpr milliseconds kPictureStep{20};     // how often a waiting viewer looks for a new picture
constexpr milliseconds kRepeatAfter{5'000};  // a still camera's picture is sent again: a viewer that left is noticed
constexpr int kSendBuffer = 256 * 1024;      // small, or seconds of old pictures would wait in the kernel
constexpr milliseconds kAcceptPause{100};    // out of descriptors: others must end first

auto into(ErrorCode& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// Counts a connection or viewer for as long as it lives.
class Counted {
 public:
  explicit Counted(std::atomic<int>& count) : count_(&count) { ++count; }
  Counted(Counted&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  ~Counted() {
    if (count_ != nullptr) --*count_;
  }

 private:
  std::atomic<int>* count_;
};

Task<void> pause(Stream& stream, milliseconds time) {
  asio::steady_timer timer(stream.get_executor(), time);
  ErrorCode error;
  co_await timer.async_wait(into(error));
}

std::string_view view_of(const Jpeg& jpeg) {
  return {reinterpret_cast<const char*>(jpeg.bytes.data()), jpeg.bytes.size()};
}

Response picture_response(const Jpeg& jpeg) {
  Response response;
  response.type = "image/jpeg";
  response.body = std::string(view_of(jpeg));
  response.headers = {{"Cache-Control", "no-store"}, {"Lynceus-Captured-At", rfc3339(jpeg.captured)}};
  return response;
}

Response no_picture(const PictureAnswer& wanted) {
  Response response = problem(503, "there is no picture of " + wanted.camera + " (" + wanted.view + ") yet");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

struct Server::Shared : std::enable_shared_from_this<Server::Shared> {
  Shared(asio::io_context& context, ServerSettings given, Handler answers, PictureSource& source, ServerObserver hears)
      : io(context),
        settings(std::move(given)),
        handler(std::move(answers)),
        pictures(source),
        observer(std::move(hears)),
        acceptor(io) {}

  asio::io_context& io;
  const ServerSettings settings;
  const Handler handler;
  PictureSource& pictures;
  const ServerObserver observer;
  tcp::acceptor acceptor;
  std::atomic<int> connections{0}, viewers{0};

  int listen();
  Task<void> accept();
  Task<void> serve(tcp::socket socket, Counted counted);
  /// False: the connection is to be closed.
  Task<bool> serve_one(Stream& stream, beast::flat_buffer& buffer, bool first);
  Task<bool> write(Stream& stream, Response response, unsigned version, bool keep_alive);
  Task<bool> show(Stream& stream, PictureAnswer wanted, unsigned version, bool keep_alive);
  Task<void> stream_pictures(Stream& stream, PictureAnswer wanted);
  Task<bool> send_part(Stream& stream, JpegPtr jpeg);
  Task<JpegPtr> first_picture(Stream& stream, const PictureAnswer& wanted);

  void dropped(const char* reason) const {
    if (observer.dropped) observer.dropped(reason);
  }
};

int Server::Shared::listen() {
  ErrorCode error;
  const std::string name = settings.address == "localhost" ? "127.0.0.1" : settings.address;
  const auto address = asio::ip::make_address(name, error);
  const std::string where = settings.address + ":" + std::to_string(settings.port);
  if (error) throw Error(Exit::bad_config, "server", "server.address", "'" + settings.address + "' is no IP address");
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(settings.port));
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw Error(Exit::fatal, "server", where, error.message());
  return acceptor.local_endpoint().port();
}

Task<void> Server::Shared::accept() {
  const auto self = shared_from_this();
  for (;;) {
    tcp::socket socket(asio::make_strand(io));
    ErrorCode error;
    co_await acceptor.async_accept(socket, into(error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      asio::steady_timer timer(io, kAcceptPause);
      co_await timer.async_wait(into(error));
      continue;
    }
    if (connections >= settings.connections) {
      dropped("limit");
      continue;
    }
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, serve(std::move(socket), Counted(connections)), asio::detached);
  }
}

Task<void> Server::Shared::serve(tcp::socket socket, Counted counted) {
  const auto self = shared_from_this();  // outlives `counted`, which counts in it
  const Counted here = std::move(counted);
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  Stream stream(std::move(socket));
  beast::flat_buffer buffer(settings.header_bytes + settings.body_bytes);
  bool first = true;
  for (bool more = true; more; first = false) more = co_await serve_one(stream, buffer, first);
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

Task<bool> Server::Shared::serve_one(Stream& stream, beast::flat_buffer& buffer, bool first) {
  bhttp::request_parser<bhttp::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(settings.header_bytes));
  parser.body_limit(settings.body_bytes);
  ErrorCode error;
  if (!first && buffer.size() == 0) {  // between requests a client may take its time
    stream.expires_after(settings.idle_timeout);
    const auto space = buffer.prepare(1024);
    const std::size_t got = co_await stream.async_read_some(space, into(error));
    if (error) co_return false;
    buffer.commit(got);
  }
  stream.expires_after(settings.header_timeout);
  co_await bhttp::async_read(stream, buffer, parser, into(error));
  if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) {
    co_return co_await write(stream, problem(431, "the header is too large"), 11, false);
  }
  if (error == bhttp::error::body_limit) {
    co_return co_await write(stream, problem(413, "the body is too large"), 11, false);
  }
  if (error == beast::error::timeout) dropped("header");
  if (error && error.category() == bhttp::make_error_code(bhttp::error::bad_version).category() &&
      error != bhttp::error::end_of_stream && error != bhttp::error::partial_message) {
    co_return co_await write(stream, problem(400, "this is not HTTP/1.1"), 11, false);
  }
  if (error) co_return false;

  const auto& message = parser.get();
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  if (message.count(bhttp::field::host) == 1) request.host = std::string(message[bhttp::field::host]);
  request.local_address = stream.socket().local_endpoint(error).address().to_string();
  const unsigned version = message.version();
  const bool keep_alive = message.keep_alive();
  Answer answer = handler(request);
  if (auto* wanted = std::get_if<PictureAnswer>(&answer)) {
    co_return co_await show(stream, std::move(*wanted), version, keep_alive);
  }
  co_return co_await write(stream, std::move(std::get<Response>(answer)), version, keep_alive);
}

Task<bool> Server::Shared::write(Stream& stream, Response response, unsigned version, bool keep_alive) {
  bhttp::response<bhttp::string_body> message(static_cast<bhttp::status>(response.status), version);
  message.reason(beast::string_view(reason_phrase(response.status).data(), reason_phrase(response.status).size()));
  message.set(bhttp::field::content_type, response.type);
  for (const auto& [field, value] : security_headers()) message.set(field, value);
  for (const auto& [field, value] : response.headers) message.set(field, value);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  if (observer.answered) observer.answered(response.status);
  stream.expires_after(settings.write_timeout);
  ErrorCode error;
  co_await bhttp::async_write(stream, message, into(error));
  if (error == beast::error::timeout) dropped("slow");
  co_return !error && keep_alive;
}

Task<JpegPtr> Server::Shared::first_picture(Stream& stream, const PictureAnswer& wanted) {
  const auto until = std::chrono::steady_clock::now() + settings.picture_wait;
  JpegPtr jpeg = pictures.newest(wanted.camera, wanted.view);
  while (!jpeg && std::chrono::steady_clock::now() < until) {
    co_await pause(stream, kPictureStep);
    jpeg = pictures.newest(wanted.camera, wanted.view);
  }
  co_return jpeg;
}

Task<bool> Server::Shared::show(Stream& stream, PictureAnswer wanted, unsigned version, bool keep_alive) {
  const JpegPtr jpeg = co_await first_picture(stream, wanted);
  if (!jpeg) co_return co_await write(stream, no_picture(wanted), version, keep_alive);
  if (!wanted.stream) co_return co_await write(stream, picture_response(*jpeg), version, keep_alive);
  if (viewers >= settings.viewers) {
    co_return co_await write(stream, problem(503, "too many viewers"), version, keep_alive);
  }
  const Counted viewer(viewers);
  co_await stream_pictures(stream, std::move(wanted));
  co_return false;
}

Task<void> Server::Shared::stream_pictures(Stream& stream, PictureAnswer wanted) {
  ErrorCode error;
  stream.socket().set_option(asio::socket_base::send_buffer_size(kSendBuffer), error);
  bhttp::response<bhttp::empty_body> header(bhttp::status::ok, 11);
  header.set(bhttp::field::content_type, "multipart/x-mixed-replace; boundary=lynceus");
  header.set(bhttp::field::cache_control, "no-store");
  header.set(bhttp::field::connection, "close");
  for (const auto& [field, value] : security_headers()) header.set(field, value);
  if (observer.answered) observer.answered(200);
  bhttp::response_serializer<bhttp::empty_body> serializer(header);
  stream.expires_after(settings.write_timeout);
  co_await bhttp::async_write_header(stream, serializer, into(error));
  if (error) co_return;

  const auto interval = std::chrono::duration_cast<milliseconds>(std::chrono::duration<double>(1 / wanted.fps));
  std::uint64_t shown = 0;
  auto due = std::chrono::steady_clock::now();
  auto last = due;
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    const JpegPtr jpeg = now >= due ? pictures.newest(wanted.camera, wanted.view) : nullptr;
    if (now >= due && !jpeg && now - last > kRepeatAfter) co_return;  // the camera went
    if (jpeg && (jpeg->version != shown || now - last > kRepeatAfter)) {
      if (!co_await send_part(stream, jpeg)) co_return;
      shown = jpeg->version;
      last = now;
      due = std::max(due + interval, now);  // late: the next one is due now, what was missed is not made up for
    }
    const auto wait = std::chrono::duration_cast<milliseconds>(due - std::chrono::steady_clock::now());
    co_await pause(stream, std::max(wait, kPictureStep));
  }
}

Task<bool> Server::Shared::send_part(Stream& stream, JpegPtr jpeg) {
  const std::string head = "--" + std::string(kBoundary) +
                           "\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg->bytes.size()) +
                           "\r\nLynceus-Captured-At: " + rfc3339(jpeg->captured) + "\r\n\r\n";
  const std::array<asio::const_buffer, 3> parts{
      asio::buffer(head), asio::buffer(jpeg->bytes.data(), jpeg->bytes.size()), asio::buffer("\r\n", 2)};
  stream.expires_after(settings.write_timeout);
  ErrorCode error;
  co_await asio::async_write(stream, parts, into(error));
  if (error == beast::error::timeout) dropped("slow");
  co_return !error;
}

Server::Server(asio::io_context& io, ServerSettings settings, Handler handler, PictureSource& pictures,
               ServerObserver observer)
    : shared_(std::make_shared<Shared>(io, std::move(settings), std::move(handler), pictures, std::move(observer))) {}

Server::~Server() = default;

int Server::start() {
  const int port = shared_->listen();
  asio::co_spawn(shared_->io, shared_->accept(), asio::detached);
  return port;
}

int Server::connections() const { return shared_->connections.load(); }

}  // namespace lynceus::daemon::http
