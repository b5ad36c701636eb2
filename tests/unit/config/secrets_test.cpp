// A secret that was read is in no message, origin or log line, right configuration or wrong.
#include <cstdlib>

#include "base/log.h"
#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

/// All that a load says, in one text.
std::string everything_said(const std::string& yaml) {
  std::string out;
  try {
    const auto result = load_fake(yaml);
    for (const auto& o : result.origins) out += o.key + " " + o.value + " " + o.where + "\n";
    for (const auto& w : result.warnings) out += w + "\n";
  } catch (const config::ConfigError& error) {
    for (const auto& line : error.lines()) out += line + "\n";
  }
  return out;
}

TEST_CASE("passwords of URLs are in nothing that is said") {
  for (const std::string url :
       {"rtsp://user:hunter22@h/s", "rtps://user:hunter22@h/s", "rtsp://user:hunter22@h:99999/s",
        "rtsp://user:hunter22@/s", "rtsp://user:hunter22@h/a b", "rtsp:user:hunter22@h/s",
        "http://h/s?user=a&password=hunter22", "rtsp://user:hunter22/x@h/s", "sim://?token=hunter22",
        "rtsp://user:hunter22@[::1/s", "file://user:hunter22@h/s"}) {
    INFO(url);
    CHECK(everything_said("cameras: {a: {url: \"" + url + "\"}}\n").find("hunter22") == std::string::npos);
    CHECK(everything_said("cameras: {a: {url: [\"" + url + "\"]}}\n").find("hunter22") == std::string::npos);
    CHECK(everything_said("cameras: {a: {kind: \"" + url + "\", url: sim://card}}\n").find("hunter22") ==
          std::string::npos);
    CHECK(everything_said("\"" + url + "\": 1\n").find("hunter22") == std::string::npos);
    CHECK(everything_said("cameras: {a: {url: sim://card, fps: \"" + url + "\"}}\n").find("hunter22") ==
          std::string::npos);
  }
}

TEST_CASE("substituted values are in nothing that is said") {
  setenv("LYNCEUS_TEST_SECRET", "sw0rdfish", 1);
  for (const std::string yaml :
       {"site: ${env:LYNCEUS_TEST_SECRET}\n", "server: {port: \"${env:LYNCEUS_TEST_SECRET}\"}\n",
        "server: {auth: \"${env:LYNCEUS_TEST_SECRET}\"}\n", "server: {address: \"${env:LYNCEUS_TEST_SECRET}\"}\n",
        "server: {hosts: [\"${env:LYNCEUS_TEST_SECRET}\"]}\n", "timezone: \"../${env:LYNCEUS_TEST_SECRET}\"\n",
        "storage: {directory: \"/x/${env:LYNCEUS_TEST_SECRET}\"}\n",
        "cameras: {a: {url: \"${env:LYNCEUS_TEST_SECRET}://h\"}}\n",
        "cameras: {a: {url: \"rtsp://u:${env:LYNCEUS_TEST_SECRET}@h/s\"}}\n",
        "cameras: {a: {url: sim://card, arm: [{days: [\"${env:LYNCEUS_TEST_SECRET}\"]}]}}\n",
        "cameras: {a: {url: sim://card, analyzers: {people: {label: \"${env:LYNCEUS_TEST_SECRET}\"}}}}\n"}) {
    INFO(yaml);
    CHECK(everything_said(yaml).find("sw0rdfish") == std::string::npos);
  }
  unsetenv("LYNCEUS_TEST_SECRET");
}

TEST_CASE("what was substituted is redacted in later lines") {
  setenv("LYNCEUS_TEST_SECRET", "r3d herring", 1);
  load_fake("cameras: {a: {url: sim://card, name: \"${env:LYNCEUS_TEST_SECRET}\"}}\n");
  load_fake("cameras: {a: {url: \"rtsp://u:p%40ssw0rd@h/s\"}}\n");
  unsetenv("LYNCEUS_TEST_SECRET");
  CHECK(log::redact("the r3d herring swims") == "the *** swims");
  CHECK(log::redact("said p%40ssw0rd") == "said ***");
  CHECK(log::redact("said p@ssw0rd") == "said ***");
}

TEST_CASE("values that are put in keep their text") {
  setenv("LYNCEUS_TEST_PORT", "8123", 1);
  REQUIRE(load_fake("server: {port: \"${env:LYNCEUS_TEST_PORT}\"}\n").config.server.port == 8123);
  unsetenv("LYNCEUS_TEST_PORT");
  REQUIRE(load_fake("site: a$${env:b}\n").config.site == "a${env:b}");
}

}  // namespace
}  // namespace lynceus::test
