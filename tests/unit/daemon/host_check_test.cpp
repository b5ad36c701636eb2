#include "daemon/api/host_check.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using lynceus::daemon::http::host_accepted;
using lynceus::daemon::http::is_loopback;

TEST_CASE("loopback is an address or localhost, nothing that looks like it") {
  for (const char* yes : {"localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1"}) CHECK(is_loopback(yes));
  for (const char* no : {"", "0.0.0.0", "128.0.0.1", "127.0.0.1.evil.example", "localhost.evil.example", "::", "1"}) {
    INFO(no);
    CHECK_FALSE(is_loopback(no));
  }
}

TEST_CASE("a Host must be loopback, configured, or the address that was connected to") {
  const std::vector<std::string> names{"Cameras.example"};
  const std::string local = "192.168.1.5";
  for (const char* yes :
       {"127.0.0.1:8080", "localhost", "[::1]:80", "cameras.example:8080", "cameras.EXAMPLE.", "192.168.1.5:8080"}) {
    INFO(yes);
    CHECK(host_accepted(yes, names, local));
  }
  for (const char* no : {"", "evil.example", "192.168.1.6", "127.0.0.1:99999999", "127.0.0.1:x", "[::1",
                         "localhost:80:80", "[::1]x", "127.0.0.1@evil.example", ":80"}) {
    INFO(no);
    CHECK_FALSE(host_accepted(no, names, local));
  }
}
