// RFC 3339 as others write it.
#include "base/timestamp.h"

#include <chrono>

#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

TEST_CASE("what rfc3339() writes is read back") {
  for (const std::int64_t ms : {-1'000LL, -1LL, 0LL, 951'782'399'999LL, 1'772'368'496'789LL}) {
    const WallTime time{std::chrono::milliseconds{ms}};
    REQUIRE(parse_rfc3339(rfc3339(time)) == time);
  }
}

TEST_CASE("offsets, fractions and small letters") {
  const WallTime noon = *parse_rfc3339("2026-03-01T12:00:00.500Z");
  for (const char* text : {"2026-03-01t12:00:00.5z", "2026-03-01 13:00:00.500999+01:00", "2026-03-01T06:30:00.5-05:30",
                           "2026-03-02T00:00:00.5+12:00"}) {
    REQUIRE(parse_rfc3339(text) == noon);
  }
}

TEST_CASE("the first and the last year are read without overflow") {
  for (const char* text : {"1678-01-01T00:00:00+23:59", "2261-12-31T23:59:60.999-23:59"}) {
    CAPTURE(text);
    REQUIRE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("no such time") {
  for (const char* text :
       {"", "2026-03-01", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00 01:00",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+1:00", "-026-01-01T00:00:00Z", "2026-01-+1T00:00:00Z",
        "1677-12-31T23:59:59Z", "2262-01-01T00:00:00Z", "4705-03-01T00:00:00Z"}) {  // beyond what 64 bits hold
    CAPTURE(text);
    REQUIRE_FALSE(parse_rfc3339(text).has_value());
  }
}

}  // namespace
}  // namespace lynceus::test
