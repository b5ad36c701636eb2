#include "daemon/notify/verdict.h"

#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using daemon::notify::Answer;
using daemon::notify::backoff;
using daemon::notify::judge;
using daemon::notify::parse_retry_after;
using Kind = daemon::notify::Verdict::Kind;

// Sun, 06 Nov 1994 08:49:37 GMT
const WallTime kNow{std::chrono::seconds{784111777}};

Kind kind_of(int status) { return judge({Answer::Reach::answered, status, {}, {}}, kNow).kind; }

TEST_CASE("only 2xx is delivered") {
  for (const int status : {200, 201, 202, 204, 299}) REQUIRE(kind_of(status) == Kind::delivered);
  for (const int status : {301, 302, 307, 308, 304, 500, 502, 503, 504, 599, 600, 199, 0})
    REQUIRE(kind_of(status) == Kind::later);
}

TEST_CASE("4xx: what somebody may mend is tried for ever, the rest is not") {
  for (const int status : {401, 403, 404, 408, 425}) REQUIRE(kind_of(status) == Kind::later);
  for (const int status : {400, 402, 405, 406, 409, 411, 413, 415, 422, 451, 499})
    REQUIRE(kind_of(status) == Kind::refused);
  REQUIRE(kind_of(410) == Kind::gone);
  REQUIRE(kind_of(429) == Kind::slow_down);
}

TEST_CASE("without an answer") {
  REQUIRE(judge({Answer::Reach::unreachable, 0, {}, "connecting: refused"}, kNow).kind == Kind::unreachable);
  REQUIRE(judge({Answer::Reach::broken, 0, {}, "the answer: end of stream"}, kNow).kind == Kind::later);
  REQUIRE(judge({Answer::Reach::unreachable, 0, {}, "connecting: refused"}, kNow).why == "connecting: refused");
}

TEST_CASE("Retry-After counts for 429 and 503 alone") {
  const auto wait = [](int status) { return judge({Answer::Reach::answered, status, "7", {}}, kNow).wait; };
  REQUIRE(wait(429) == 7s);
  REQUIRE(wait(503) == 7s);
  REQUIRE_FALSE(wait(500).has_value());
  REQUIRE_FALSE(wait(400).has_value());
}

TEST_CASE("Retry-After: seconds and dates, bounded, and what is neither") {
  REQUIRE(parse_retry_after("120", kNow) == 120s);
  REQUIRE(parse_retry_after(" 0 ", kNow) == 0s);
  REQUIRE(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", kNow) == 60s);
  REQUIRE(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow) == 0s);
  REQUIRE(parse_retry_after("Mon, 06 Nov 2034 08:00:00 GMT", kNow) == 24h);
  REQUIRE(parse_retry_after("99999999", kNow) == 24h);
  REQUIRE(parse_retry_after("99999999999999999999999", kNow) == 24h);
  for (const char* text : {"", "soon", "-1", "1.5", "1 s", "0x10", "Sun, 06 Nov 1994", "tomorrow GMT"}) {
    INFO(text);
    REQUIRE_FALSE(parse_retry_after(text, kNow).has_value());
  }
}

TEST_CASE("backoff: 1 s doubling to 5 min, a fifth to either side") {
  REQUIRE(backoff(1, 0.5) == 1s);
  REQUIRE(backoff(2, 0.5) == 2s);
  REQUIRE(backoff(9, 0.5) == 256s);
  REQUIRE(backoff(10, 0.5) == 300s);
  REQUIRE(backoff(1'000'000, 0.5) == 300s);
  REQUIRE(backoff(1, 0.0) == 800ms);
  REQUIRE(backoff(1, 0.999) < 1200ms);
  REQUIRE(backoff(0, 0.5) == 1s);
}

}  // namespace
}  // namespace lynceus::test
