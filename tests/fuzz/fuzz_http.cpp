// Whatever comes in as a connection's bytes is taken as the server takes it (intake.h, its bounds), and what is a
// request is answered by the API on real parts (http_room.h). Then holds:
//
// - no handler fails (500), every JSON is JSON, no header of an answer holds a line's end;
// - without a token nothing is told but what is open to all; with the least token nothing is changed.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "daemon/api/file_part.h"
#include "daemon/http/intake.h"
#include "tests/fuzz/http_room.h"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using namespace lynceus::daemon::http;

/// What a client sends, in pieces as a network might bring them.
class Client {
 public:
  explicit Client(std::string_view bytes) : rest_(bytes), piece_(1 + bytes.size() % 97 * 16) {}

  bool over() const { return rest_.empty(); }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, beast::error_code& error) {
    const std::string_view piece = rest_.substr(0, piece_);
    const std::size_t got = asio::buffer_copy(buffers, asio::buffer(piece.data(), piece.size()));
    rest_.remove_prefix(got);
    if (got == 0 && asio::buffer_size(buffers) > 0) error = asio::error::eof;
    return got;
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    beast::error_code error;
    const std::size_t got = read_some(buffers, error);
    if (error) throw boost::system::system_error(error);
    return got;
  }

 private:
  std::string_view rest_;
  const std::size_t piece_;
};

[[noreturn]] void broken(const char* rule, const Request& request, const Response& response) {
  std::fprintf(stderr, "%s: %s %s: %d %s: %.400s\n", rule, request.method.c_str(), request.target.c_str(),
               response.status, response.type.c_str(), response.body.c_str());
  std::abort();
}

bool one_line(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

void check(const Request& request, const Response& response) {
  if (response.status == 500 || response.status < 200 || response.status > 599) broken("status", request, response);
  bool good = one_line(response.type);
  for (const auto& [name, value] : response.headers) good = good && one_line(name) && one_line(value);
  if (!good) broken("header", request, response);
  const bool json = response.type == "application/json" || response.type == "application/problem+json";
  if (json && !response.body.empty() && !nlohmann::json::accept(response.body)) broken("JSON", request, response);
}

Response awaited(const DeferredAnswer& answer) {
  const auto promise = std::make_shared<std::promise<Response>>();
  auto future = promise->get_future();
  answer.begin([promise](Response response) { promise->set_value(std::move(response)); });
  if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready) std::abort();
  return future.get();
}

/// What a file of evidence is sent as.
Response sent(const FileAnswer& answer) {
  constexpr std::uint64_t kSize = 5000;
  FilePart part = part_of(answer, kSize);
  if (part.begin > part.end || part.end > kSize) std::abort();
  return std::move(part.head);
}

Response whole(const Answer& answer) {
  if (const auto* response = std::get_if<Response>(&answer)) return *response;
  if (const auto* deferred = std::get_if<DeferredAnswer>(&answer)) return awaited(*deferred);
  if (const auto* file = std::get_if<FileAnswer>(&answer)) return sent(*file);
  if (const auto* events = std::get_if<EventsAnswer>(&answer)) {
    events->feed->on_more([] {});
    events->feed->next();
  }
  return {};  // pictures and events: 200
}

Response asked(Api& api, const Request& request) {
  Response response = whole(api.answer(request));
  check(request, response);
  return response;
}

const Route* route_of(const Api& api, const Request& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const auto found = std::find_if(api.routes().begin(), api.routes().end(), [&](const Route& route) {
    return route.pattern == path && (route.method == request.method || request.method == "HEAD");
  });
  return found == api.routes().end() ? nullptr : &*found;
}

/// Paths that are open have no part to fill in, but they may be written with escapes or slashes at their end.
bool open_to_all(const Api& api, const Request& request) {
  const auto target = parse_target(request.target);
  Request plain = request;
  plain.target.clear();
  for (const std::string& segment : target->segments) plain.target += "/" + segment;
  if (plain.target.empty()) plain.target = "/";
  const Route* route = route_of(api, plain);
  return route != nullptr && !route->role;
}

void answer(lynceus::test::HttpRoom& room, Request request) {
  request.local_address = request.peer_address = "127.0.0.1";
  asked(room.open(), request);
  asked(room.guarded(), request);

  request.headers.erase("authorization");
  request.headers.erase("cookie");
  const Response told = asked(room.guarded(), request);
  if (told.status < 400 && !open_to_all(room.guarded(), request)) broken("told a stranger", request, told);

  request.headers["authorization"] = "Bearer view";
  const Response changed = asked(room.guarded(), request);
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && changed.status < 400 && !open_to_all(room.guarded(), request)) broken("changed", request, changed);
}

/// As Connection serves: request after request, until one is refused or the client has said all.
void serve(lynceus::test::HttpRoom& room, Client client) {
  const ServerSettings settings;
  beast::flat_buffer buffer(settings.header_bytes + settings.body_bytes);
  while (!client.over() || buffer.size() > 0) {
    Parser parser;
    bound(parser, settings);
    beast::error_code error;
    beast::http::read_header(client, buffer, parser, error);
    if (!error) {
      if (refusal_of(parser.get())) return;
      waits_for_continue(parser.get());
      beast::http::read(client, buffer, parser, error);
    }
    if (refusal_of(error) || error) return;
    Message message = parser.release();
    const Terms terms = terms_of(message);
    answer(room, request_of(message));
    if (!terms.keep_alive) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static lynceus::test::HttpRoom room;
  serve(room, Client({reinterpret_cast<const char*>(data), size}));
  return 0;
}
