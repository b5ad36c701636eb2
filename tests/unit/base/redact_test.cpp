#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

using Table = std::vector<std::pair<std::string, std::string>>;

void check(const Table& table) {
  for (const auto& [text, expected] : table) {
    CHECK(log::redact(text) == expected);
    CHECK(log::redact(expected) == expected);  // what is masked stays as it is
  }
}

std::string repeated(const std::string& part, std::size_t size) {
  std::string out;
  while (out.size() < size) out += part;
  return out;
}

}  // namespace

TEST_CASE("credentials in URLs are masked, host and path stay", "[redact]") {
  check({
      {"rtsp://user:pw@host/a", "rtsp://***@host/a"},
      {"rtsp://user:p@ss@host:554/a", "rtsp://***@host:554/a"},
      {"open rtsp://user:p%40ss%2Fx@host failed", "open rtsp://***@host failed"},
      {"rtsp://user:p:w@host/", "rtsp://***@host/"},
      {"rtsp://user:pa/ss@host/live", "rtsp://***@host/live"},
      {"rtsp://user:12/34@host/live", "rtsp://***@host/live"},
      {"rtsp://user:pa?ss#x@host/live", "rtsp://***@host/live"},
      {"rtsp://user:@host/live", "rtsp://***@host/live"},
      {"rtsp://token@host/a", "rtsp://***@host/a"},
      {"rtsp://:pw@host", "rtsp://***@host"},
      {"rtsp://user:pw@[2001:db8::1]:554/a", "rtsp://***@[2001:db8::1]:554/a"},
      {"HTTPS://User:Pw@host", "HTTPS://***@host"},
      {R"("url":"rtsp://u:p@h/x","n":1)", R"("url":"rtsp://***@h/x","n":1)"},
      {"a rtsp://u:p@h b rtsp://v:q@i", "a rtsp://***@h b rtsp://***@i"},
      {"<rtsp://u:p@h>", "<rtsp://***@h>"},
      {"http://u:p@h/?next=rtsp://v:q@i", "http://***@i"},
      {"http://h/?next=rtsp://v:q@i/x", "http://h/?next=rtsp://***@i/x"},
      {"rtsp://user:pa ss@host", "rtsp://***@host"},
      {"mqtts://user:hunter22", "mqtts://***"},
      {R"(rtsp://user:pa\ss@host/a)", "rtsp://***@host/a"},
  });
}

TEST_CASE("authorization headers are masked, their scheme stays", "[redact]") {
  check({
      {"Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"},
      {"authorization:Basic dXNlcjpwYXNz", "authorization:Basic ***"},
      {"Authorization: Bearer abc.def-ghi_123", "Authorization: Bearer ***"},
      {"Proxy-Authorization: Basic dTpw", "Proxy-Authorization: Basic ***"},
      {R"(Authorization: Digest username="admin", response="0123456789abcdef", nonce="a b")",
       "Authorization: Digest ***"},
      {R"(Digest username="admin", response="0123456789abcdef", nonce="a b", qop=auth)",
       R"(Digest username="admin", response="***", nonce="***", qop=auth)"},
      {"Authorization: Custom one two three", "Authorization: Custom ***"},
      {"authorization=\"Bearer abcdef\" camera=lobby", "authorization=\"***\" camera=lobby"},
      {R"({"Authorization":"Basic dXNlcjpwYXNz","n":1})", R"({"Authorization":"***","n":1})"},
      {"sent Basic dXNlcjpwYXNz and Bearer eyJhbGciOi", "sent Basic *** and Bearer ***"},
      {"Authorization: Basic dTpw\nHost: a", "Authorization: Basic ***\nHost: a"},
      {"x-api-key: 0123", "x-api-key: ***"},
  });
}

TEST_CASE("values whose name tells a secret are masked", "[redact]") {
  check({
      {"http://h/snap?user=a&password=b&x=1", "http://h/snap?user=a&password=***&x=1"},
      {"http://h/snap?loginuse=a&loginpas=b", "http://h/snap?loginuse=a&loginpas=***"},
      {"?pwd=a,b;c&n=1", "?pwd=***&n=1"},
      {"?access_token=abc&accessToken=def", "?access_token=***&accessToken=***"},
      {"rtsp://h:554/user=admin_password=tlJwpbo6_channel=1", "rtsp://h:554/user=admin_password=***"},
      {"password: hunter22 next", "password: *** next"},
      {"PASSWORD = 'two words' next", "PASSWORD = '***' next"},
      {R"({"password":"a\"b","n":1})", R"({"password":"***","n":1})"},
      {R"({"password": 1234, "n":1})", R"({"password": ***, "n":1})"},
      {R"({"client_secret":"x","pass":"y","apiKey":"z"})", R"({"client_secret":"***","pass":"***","apiKey":"***"})"},
      {R"(body="{\"password\":\"a b\",\"n\":1}")", R"(body="{\"password\":\"***\",\"n\":1}")"},
      {R"(body="{\"token\":\"a\\\"b\",\"n\":1}")", R"(body="{\"token\":\"***\",\"n\":1}")"},
      {"password=\"never closed", "password=\"***"},
      {"sig=ab12&signature=cd34", "sig=***&signature=***"},
      {"secret whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD/= end", "secret whsec_*** end"},
  });
}

TEST_CASE("innocents stay as they are", "[redact]") {
  for (const char* text : {
           "at 12:34:56 on 2026-03-01T12:34:56.789Z",
           "rtsp://host:554/path",
           "rtsp://[2001:db8::1]:554/path",
           "http://host/a?x=1&y=user@example.org",
           "mail user@example.org",
           "frames: 3",
           "compass=3 bypass: 4 tokens=5 token_count=6 passed=7",
           "first pass: 12 ms",
           "http response: 404 Not Found",
           "Basic authentication is required, Bearer token expected",
           "password_file",
           "the password is wrong",
           "info camera: streaming camera=lobby width=1280 codec=h264",
           "C:\\path\\file",
           "ratio 16:9, author: me, authority: none",
           "signal=9 nonces",
           "",
       }) {
    CHECK(log::redact(text) == std::string(text));
  }
}

TEST_CASE("a registered secret appears nowhere", "[redact]") {
  log::add_secret("Zx9!quiet pond");
  log::add_secret("abc");  // too short to be one
  CHECK(log::redact("x Zx9!quiet pond y Zx9!quiet pond") == "x *** y ***");
  CHECK(log::redact("x Zx9%21quiet%20pond y") == "x *** y");
  CHECK(log::redact("abc") == "abc");
}

TEST_CASE("the longest registered secret goes first", "[redact]") {
  log::add_secret("pondlife");
  log::add_secret("pondlife-extended");
  CHECK(log::redact("a pondlife-extended b") == "a *** b");
}

TEST_CASE("a secret with quotes or line breaks is found in a field", "[redact]") {
  log::add_secret("we\"ird\\pond\n1");
  std::string line;
  log::capture([&](std::string_view text) { line = text; });
  log::info("camera", "failed with we\"ird\\pond\n1", {{"why", "we\"ird\\pond\n1 refused"}, {"password", "a b\"c"}});
  log::capture({});
  CHECK(line == "info camera: failed with *** why=\"*** refused\" password=\"***\"");
}

TEST_CASE("a hostile line of a megabyte costs time in proportion", "[redact][heavy]") {
  log::add_secret("qqqq");
  constexpr std::size_t kSize = 1 << 20;
  for (const char* part :
       {"://",        "://a",     "://a:",     "://a:b", "a@",        "://u:p@", "pass",           "password=",
        "password =", "token:\"", "token\\\"", "qqqq",   "q",         "Basic ",  "authorization:", "authorization: a\n",
        "whsec_",     "\\",       "\"",        " ",      "response=", ": ",      "://u:p w"}) {
    const std::string line = repeated(part, kSize);
    const auto start = std::chrono::steady_clock::now();
    const std::string out = log::redact(line);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    CHECK(out.size() <= line.size() * 3);
    INFO(part);
    CHECK(took.count() < 5.0);  // a quadratic scan takes minutes; this takes 20 ms, sanitizers and a busy machine aside
  }
  const std::string blanks = "password" + std::string(kSize, ' ');
  CHECK(log::redact(blanks) == blanks);
}

TEST_CASE("random text is never lost, and never crashes", "[redact]") {
  std::mt19937 random(3);
  const std::string letters = "ab:/@=\"'\\ \n&,;{}[]pasword tken";
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (int n = 0; n < 40; ++n) text += letters[random() % letters.size()];
    const std::string once = log::redact(text);
    CHECK(log::redact(once).size() <= once.size() + 3);
  }
}

}  // namespace lynceus::test
