// Bodies of requests: what is refused before anything is asked of them.
#include "daemon/api/body.h"

#include <string>

#include "daemon/api/problem.h"
#include "tests/support/catch.h"

namespace lynceus::daemon::http {
namespace {

std::string object_of(int keys) {
  std::string text = "{";
  for (int i = 0; i < keys; ++i) text += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
  return text + "}";
}

int status_of(const std::string& text) {
  try {
    check_json_object(text);
  } catch (const Refusal& refusal) {
    return refusal.status();
  }
  return 200;
}

TEST_CASE("A body is an object of JSON, or nothing") {
  REQUIRE(status_of("") == 200);
  REQUIRE(status_of("{}") == 200);
  REQUIRE(status_of("[]") == 400);
  REQUIRE(status_of("{") == 400);
  REQUIRE(status_of("\"{}\"") == 400);
}

TEST_CASE("A body nested deeply is refused before it is parsed") {
  REQUIRE(status_of("{\"a\":" + std::string(31, '[') + std::string(31, ']') + "}") == 200);
  REQUIRE(status_of("{\"a\":" + std::string(32, '[') + std::string(32, ']') + "}") == 400);
  REQUIRE(status_of("{\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\":0}") == 200);
}

TEST_CASE("No object of a body has more than 1000 keys, wherever it lies") {
  REQUIRE(status_of(object_of(1000)) == 200);
  REQUIRE(status_of(object_of(1001)) == 400);
  REQUIRE(status_of("{\"zones\":" + object_of(1000) + "}") == 200);
  REQUIRE(status_of("{\"zones\":[{\"a\":" + object_of(1001) + "}]}") == 400);
}

}  // namespace
}  // namespace lynceus::daemon::http
