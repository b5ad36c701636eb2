#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "tests/support/catch.h"

namespace lynceus::test {

TEST_CASE("credentials in URLs are masked, host and path stay", "[redact]") {
  const std::pair<const char*, const char*> table[] = {
      {"rtsp://user:pw@host/a", "rtsp://***@host/a"},
      {"rtsp://user:p@ss@host:554/a", "rtsp://***@host:554/a"},
      {"open rtsp://user:p%40ss%2Fx@host failed", "open rtsp://***@host failed"},
      {"rtsp://user:p:w@host/", "rtsp://***@host/"},
      {"rtsp://user:pa/ss@host/live", "rtsp://***@host/live"},
      {"rtsp://user:12/34@host/live", "rtsp://***@host/live"},
      {"rtsp://user:pa?ss#x@host/live", "rtsp://***@host/live"},
      {"rtsp://token@host/a", "rtsp://***@host/a"},
      {"rtsp://:pw@host", "rtsp://***@host"},
      {"rtsp://user:pw@[2001:db8::1]:554/a", "rtsp://***@[2001:db8::1]:554/a"},
      {"HTTPS://User:Pw@host", "HTTPS://***@host"},
      {"\"url\":\"rtsp://u:p@h/x\",\"n\":1", "\"url\":\"rtsp://***@h/x\",\"n\":1"},
      {"a rtsp://u:p@h b rtsp://v:q@i", "a rtsp://***@h b rtsp://***@i"},
      {"http://u:p@h/?next=rtsp://v:q@i", "http://***@i"},
      {"rtsp://user:pa ss@host", "rtsp://***@host"},
      {"mqtts://user:hunter22", "mqtts://***"},
  };
  for (const auto& [text, expected] : table) CHECK(log::redact(text) == expected);
}

}  // namespace lynceus::test
