#include <string>
#include <vector>

#include "daemon/api/message.h"
#include "tests/support/catch.h"

using lynceus::daemon::http::parse_target;
using Segments = std::vector<std::string>;

TEST_CASE("a target is taken apart into segments and query") {
  const auto target = parse_target("/api/v1/cameras/lobby%20east/snapshot.jpg?view=raw&t=1%2B1+2");
  REQUIRE(target);
  CHECK(target->segments == Segments{"api", "v1", "cameras", "lobby east", "snapshot.jpg"});
  CHECK(target->query.at("view") == "raw");
  CHECK(target->query.at("t") == "1+1 2");
  CHECK(parse_target("/")->segments.empty());
  CHECK(parse_target("/?a")->query.at("a").empty());
}

TEST_CASE("dots and escaped slashes are ordinary text of a segment") {
  CHECK(parse_target("/a/../etc")->segments == Segments{"a", "..", "etc"});
  CHECK(parse_target("/a/..%2Fetc")->segments == Segments{"a", "../etc"});
}

TEST_CASE("malformed targets are refused") {
  for (const char* bad :
       {"", "a", "*", "http://host/", "/%", "/%4", "/%zz", "/%00", "/a%0d%0ab", "/?a=1&a=2", "/?a=%"}) {
    INFO(bad);
    CHECK_FALSE(parse_target(bad));
  }
  CHECK_FALSE(parse_target("/" + std::string(5000, 'a')));
}
