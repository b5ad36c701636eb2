// clang-format off: Asio of Boost 1.74 needs <utility> before its coroutines
#include <utility>
// clang-format on

#include <openssl/ssl.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <optional>

#include "daemon/notify/name_lookup.h"
#include "daemon/notify/web_address.h"
#include "daemon/notify/web_client.h"

namespace lynceus::daemon::notify {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Strand = asio::strand<asio::io_context::executor_type>;
using Request = http::request<http::string_body>;
template <class T>
using Task = asio::awaitable<T>;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kMostHeaderBytes = 16 << 10;
constexpr std::uint64_t kMostBodyBytes = 64 << 10;
constexpr std::size_t kMostIdle = 8;
constexpr std::chrono::seconds kMostIdleTime{30};
constexpr int kMostInterim = 8;  // 100 Continue and the like

auto into(ErrorCode& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// A connection, plain or encrypted.
struct Link {
  using Plain = beast::tcp_stream;
  using Secure = beast::ssl_stream<Plain>;

  Link(const Strand& strand, ssl::context* context) {
    if (context != nullptr) secure.emplace(Plain(strand), *context);
    else plain.emplace(strand);
  }
  Plain& lowest() { return plain ? *plain : secure->next_layer(); }
  void close() {
    ErrorCode ignored;
    lowest().socket().close(ignored);
  }

  std::optional<Plain> plain;
  std::optional<Secure> secure;
  beast::flat_buffer buffer{kMostHeaderBytes + kMostBodyBytes};
  Clock::time_point idle_since{};
  bool used = false;
};
using LinkPtr = std::shared_ptr<Link>;

/// Shut when the client goes: a name that is found later must not reach io threads that may be gone as well.
struct Gate {
  std::mutex mutex;
  bool open = true;
};

Answer unreachable(const std::string& why) { return {Answer::Reach::unreachable, 0, {}, why}; }
Answer broken(const std::string& why) { return {Answer::Reach::broken, 0, {}, why}; }

std::string words(const char* step, const ErrorCode& error) {
  if (error == beast::error::timeout) return std::string(step) + ": nothing within the time";
  return std::string(step) + ": " + error.message();
}

}  // namespace

struct WebClient::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, Settings given)
      : settings(std::move(given)), address(parse_web_address(settings.url)), strand(asio::make_strand(io)) {
    if (address && address->tls) prepare_tls();
  }

  void prepare_tls() {
    ErrorCode error;
    context.emplace(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    if (!settings.verify_tls) {
      context->set_verify_mode(ssl::verify_none, error);
      return;
    }
    context->set_verify_mode(ssl::verify_peer, error);
    if (settings.ca_file.empty()) context->set_default_verify_paths(error);
    else context->load_verify_file(settings.ca_file, error);
    if (error) trouble = "the file of the authorities: " + error.message();
    context->set_verify_callback(ssl::host_name_verification(address->host), error);
  }

  Request request_of(const Post& post) const {
    Request request{http::verb::post, address->target, 11};
    request.set(http::field::host, address->host_header);
    request.set(http::field::user_agent, settings.user_agent);
    if (!address->authorization.empty()) request.set(http::field::authorization, address->authorization);
    for (const auto& [name, value] : post.headers) request.set(name, value);
    request.body() = post.body;
    request.prepare_payload();
    return request;
  }

  // ---- steps ----

  Task<Addresses> find_host() {
    struct Shared {
      explicit Shared(const Strand& s) : timer(s) {}
      asio::steady_timer timer;
      std::optional<Addresses> found;
    };
    auto shared = std::make_shared<Shared>(strand);
    shared->timer.expires_after(settings.timeout);
    // Nobody but us owns the timer: who answers late finds neither it nor the strand.
    look_up(address->host, address->port,
            [weak = std::weak_ptr<Shared>(shared), way = gate, back = strand](Addresses found) {
              std::lock_guard lock(way->mutex);
              auto waiting = way->open ? weak.lock() : nullptr;
              if (!waiting) return;
              asio::post(back, [waiting = std::move(waiting), found = std::move(found)]() mutable {
                waiting->found = std::move(found);
                waiting->timer.cancel();
              });
            });
    ErrorCode ignored;
    co_await shared->timer.async_wait(into(ignored));
    if (shared->found) co_return std::move(*shared->found);
    co_return Addresses{{}, "the host's name: nothing within the time"};
  }

  Task<std::string> open(LinkPtr link) {
    const Addresses found = co_await find_host();
    if (found.endpoints.empty()) co_return found.error;
    ErrorCode error;
    for (const tcp::endpoint& endpoint : found.endpoints) {
      if (cancelled) co_return "ended";
      link->lowest().expires_after(settings.timeout);
      co_await link->lowest().async_connect(endpoint, into(error));
      if (!error) break;
      link->close();
    }
    if (error) co_return words("connecting", error);
    link->lowest().socket().set_option(tcp::no_delay(true), error);
    if (link->secure) co_return co_await shake_hands(link);
    co_return std::string();
  }

  Task<std::string> shake_hands(LinkPtr link) {
    ErrorCode no_number;
    asio::ip::make_address(address->host, no_number);
    if (no_number) SSL_set_tlsext_host_name(link->secure->native_handle(), address->host.c_str());
    link->lowest().expires_after(settings.timeout);
    ErrorCode error;
    co_await link->secure->async_handshake(ssl::stream_base::client, into(error));
    if (error) co_return words("TLS", error);
    co_return std::string();
  }

  template <class Stream>
  Task<Answer> talk(Stream& stream, LinkPtr link, const Request& request) {
    ErrorCode error;
    link->lowest().expires_after(settings.timeout);
    co_await http::async_write(stream, request, into(error));
    if (error)
      co_return error == beast::error::timeout ? unreachable(words("sending", error)) : broken(words("sending", error));
    link->lowest().expires_after(settings.timeout);
    for (int interim = 0; interim < kMostInterim; ++interim) {
      http::response_parser<http::string_body> parser;
      parser.header_limit(kMostHeaderBytes);
      parser.body_limit(kMostBodyBytes);
      co_await http::async_read_header(stream, link->buffer, parser, into(error));
      if (error)
        co_return error == beast::error::timeout ? unreachable(words("the answer", error))
                                                 : broken(words("the answer", error));
      const unsigned status = parser.get().result_int();
      if (status < 200) continue;
      Answer answer{Answer::Reach::answered, static_cast<int>(status), {}, {}};
      answer.retry_after = std::string(parser.get()[http::field::retry_after]);
      // The status is what counts; the body is read only so that the connection can be used again.
      if (!parser.is_done()) co_await http::async_read(stream, link->buffer, parser, into(error));
      if (!error && parser.is_done() && parser.get().keep_alive()) keep(link);
      co_return answer;
    }
    co_return broken("the answer: nothing but interim ones");
  }

  Task<Answer> exchange(LinkPtr link, const Request& request) {
    if (!link->used) {
      const std::string why = co_await open(link);
      if (!why.empty()) co_return unreachable(why);
    }
    if (cancelled) co_return unreachable("ended");
    if (link->secure) co_return co_await talk(*link->secure, link, request);
    co_return co_await talk(*link->plain, link, request);
  }

  Task<Answer> run(Post post) {
    if (!address) co_return unreachable("the address is none");
    if (!trouble.empty()) co_return unreachable(trouble);
    const Request request = request_of(post);
    for (;;) {
      LinkPtr link = take_idle();
      const bool kept = link != nullptr;
      if (!kept) link = std::make_shared<Link>(strand, context ? &*context : nullptr);
      live.push_back(link);
      const Answer answer = co_await exchange(link, request);
      live.remove(link);
      if (link->idle_since == Clock::time_point{}) link->close();
      if (answer.reach != Answer::Reach::broken || !kept || cancelled) co_return answer;
    }
  }

  // ---- kept connections ----

  LinkPtr take_idle() {
    while (!idle.empty()) {
      LinkPtr link = std::move(idle.back());
      idle.pop_back();
      if (Clock::now() - link->idle_since > kMostIdleTime) continue;
      link->idle_since = {};
      return link;
    }
    return nullptr;
  }

  void keep(const LinkPtr& link) {
    if (cancelled || idle.size() >= kMostIdle) return;
    link->used = true;
    link->lowest().expires_never();
    link->idle_since = Clock::now();
    idle.push_back(link);
  }

  void end_all() {
    cancelled = true;
    idle.clear();
    for (const LinkPtr& link : live) link->close();
  }

  const Settings settings;
  const std::optional<WebAddress> address;
  const std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  Strand strand;
  std::optional<ssl::context> context;
  std::string trouble;
  // Of the strand:
  std::deque<LinkPtr> idle;
  std::list<LinkPtr> live;
  bool cancelled = false;
};

WebClient::WebClient(asio::io_context& io, Settings settings)
    : state_(std::make_shared<State>(io, std::move(settings))) {}

WebClient::~WebClient() {
  cancel();
  std::lock_guard lock(state_->gate->mutex);
  state_->gate->open = false;
}

void WebClient::cancel() {
  asio::post(state_->strand, [state = state_] { state->end_all(); });
}

void WebClient::post(Post request, std::function<void(const Answer&)> done) {
  struct Job {
    static Task<void> run(std::shared_ptr<State> state, Post request, std::function<void(const Answer&)> done) {
      Answer answer;
      try {
        answer = co_await state->run(std::move(request));
      } catch (const std::exception& error) {
        answer = unreachable(error.what());
      }
      done(answer);
    }
  };
  asio::co_spawn(state_->strand, Job::run(state_, std::move(request), std::move(done)), asio::detached);
}

}  // namespace lynceus::daemon::notify
