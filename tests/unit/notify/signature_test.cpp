#include "daemon/notify/signature.h"

#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

using daemon::notify::sha256_hex;
using daemon::notify::webhook_signature;

TEST_CASE("the example of Standard Webhooks") {
  REQUIRE(webhook_signature({"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                            R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("every secret signs, none gives none") {
  const std::string one = webhook_signature({"whsec_b25l"}, "i", "1", "b"),
                    two = webhook_signature({"whsec_dHdv"}, "i", "1", "b");
  REQUIRE(webhook_signature({"whsec_b25l", "whsec_dHdv"}, "i", "1", "b") == one + " " + two);
  REQUIRE(one != two);
  REQUIRE(webhook_signature({}, "i", "1", "b").empty());
}

TEST_CASE("SHA-256 of abc") {
  REQUIRE(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace lynceus::test
