#include "pipeline/host/utf8.h"

#include <string>

#include "tests/support/catch.h"

namespace lynceus::host {
namespace {

std::string cleaned(std::string text, std::size_t bound = 100) {
  clean_text(text, bound);
  return text;
}
const std::string kBad = "\xEF\xBF\xBD";

TEST_CASE("good text stays") {
  for (const std::string text : {"", "plain", "Tür 3 °C", "日本語", "🙂"}) REQUIRE(cleaned(text) == text);
  std::string text = "Tür";
  REQUIRE_FALSE(clean_text(text, 100));
}

TEST_CASE("bytes that are no UTF-8 are replaced") {
  REQUIRE(cleaned("caf\xe9") == "caf" + kBad);
  REQUIRE(cleaned("\xff\xfe") == kBad + kBad);
  REQUIRE(cleaned("\xc0\xaf") == kBad + kBad);             // overlong
  REQUIRE(cleaned("\xed\xa0\x80") == kBad + kBad + kBad);  // surrogate
  REQUIRE(cleaned("\xf4\x90\x80\x80").find(kBad) == 0);    // beyond U+10FFFF
  REQUIRE(cleaned("a\xe2\x82") == "a" + kBad + kBad);      // cut short
}

TEST_CASE("control characters become spaces") { REQUIRE(cleaned("a\nb\x1b[31m\x7f") == "a b [31m "); }

TEST_CASE("long text is cut at a character") {
  REQUIRE(cleaned("Türen", 2) == "T");
  REQUIRE(cleaned("Türen", 3) == "Tü");
  REQUIRE(cleaned(std::string(500, 'x'), 10) == std::string(10, 'x'));
}

}  // namespace
}  // namespace lynceus::host
