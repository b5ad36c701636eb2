#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <string>
#include <utility>

#include "daemon/http/intake.h"
#include "tests/support/catch.h"

using namespace lynceus::daemon::http;

namespace {

/// What a connection would have of these bytes.
struct Taken {
  Parser parser;
  boost::beast::error_code error;

  explicit Taken(const std::string& bytes, ServerSettings settings = {}) {
    bound(parser, settings);
    parser.eager(true);
    for (std::size_t at = 0; at < bytes.size() && !parser.is_done() && !error;) {
      const std::size_t used = parser.put(boost::asio::buffer(bytes.data() + at, bytes.size() - at), error);
      if (used == 0) break;
      at += used;
    }
  }
  int refused() const {
    const auto refused = refusal_of(error);
    return refused ? refused->status : 0;
  }
};

std::string get(const std::string& headers) { return "GET /a?b=c HTTP/1.1\r\n" + headers + "\r\n"; }

}  // namespace

TEST_CASE("a request is what its bytes say") {
  Taken taken(
      "PUT /x HTTP/1.1\r\nHost: cams:1\r\nCookie: a=1\r\nX-Other: y\r\nCookie: b=2\r\nContent-Length: 2\r\n\r\n{}");
  REQUIRE(taken.parser.is_done());
  REQUIRE_FALSE(refusal_of(taken.parser.get()));
  const Terms terms = terms_of(taken.parser.get());
  CHECK(terms.version == 11);
  CHECK(terms.keep_alive);
  CHECK_FALSE(terms.head);
  Message message = taken.parser.release();
  const Request request = request_of(message);
  CHECK(request.method == "PUT");
  CHECK(request.target == "/x");
  CHECK(request.host == "cams:1");
  CHECK(request.body == "{}");
  CHECK(request.headers == Fields{{"cookie", "a=1, b=2"}});
}

TEST_CASE("a Host that is missing or there twice is none") {
  for (const char* hosts : {"", "Host: a\r\nHost: b\r\n"}) {
    Taken taken(get(hosts));
    REQUIRE(taken.parser.is_done());
    Message message = taken.parser.release();
    CHECK(request_of(message).host.empty());
  }
}

TEST_CASE("what is too large or no HTTP is refused with its own status") {
  ServerSettings small;
  small.header_bytes = 200;
  small.body_bytes = 10;
  CHECK(Taken(get("X: " + std::string(300, 'x') + "\r\n"), small).refused() == 431);
  CHECK(Taken("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", small).refused() == 413);
  CHECK(Taken("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n", small).refused() == 413);
  CHECK(Taken("hello, world\r\n\r\n").refused() == 400);
  CHECK(Taken(get("Content-Length: 5\r\nContent-Length: 6\r\n")).refused() == 400);
  CHECK(Taken(get("Host: a\r\n"), small).refused() == 0);
}

TEST_CASE("a body with two lengths is refused before it is read") {
  Taken taken("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto by_header = taken.parser.is_header_done() ? refusal_of(taken.parser.get()) : refusal_of(taken.error);
  REQUIRE(by_header);
  CHECK(by_header->status == 400);
}

TEST_CASE("a wire that ended is nobody's fault") {
  CHECK_FALSE(refusal_of(boost::beast::error_code{}));
  CHECK_FALSE(refusal_of(boost::beast::http::make_error_code(boost::beast::http::error::end_of_stream)));
  CHECK_FALSE(refusal_of(boost::beast::http::make_error_code(boost::beast::http::error::partial_message)));
}

TEST_CASE("HEAD, HTTP/1.0 and Expect are seen") {
  CHECK(terms_of(Taken("HEAD / HTTP/1.1\r\n\r\n").parser.get()).head);
  CHECK_FALSE(terms_of(Taken("GET / HTTP/1.0\r\n\r\n").parser.get()).keep_alive);
  CHECK(waits_for_continue(Taken(get("Expect: 100-Continue\r\n")).parser.get()));
  CHECK_FALSE(waits_for_continue(Taken(get("")).parser.get()));
}
