#include "base/base64.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

std::string encoded(const std::string& text) {
  return to_base64({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

TEST_CASE("base64 of RFC 4648's vectors, both ways") {
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, base64] : vectors) {
    REQUIRE(encoded(plain) == base64);
    REQUIRE(from_base64(base64) == plain);
  }
  REQUIRE(from_base64("Zg") == "f");
  const std::string all("\xff\x00\x80\xfe", 4);
  REQUIRE(from_base64(encoded(all)) == all);
}

TEST_CASE("what is no base64") {
  for (const char* text : {"Z", "Zg=", "Zg===", "Z===", "Zm9v====", "Z g=", "Zh==", "Zm9=", "=", "Zm9v\n", "Zm-v"}) {
    INFO(text);
    REQUIRE_FALSE(from_base64(text).has_value());
  }
}

}  // namespace
}  // namespace lynceus::test
