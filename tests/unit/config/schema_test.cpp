#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

using Json = nlohmann::json;

std::set<std::string> keys(const Json& properties) {
  std::set<std::string> out;
  for (const auto& item : properties.items()) out.insert(item.key());
  return out;
}

TEST_CASE("the schema speaks of the keys that the loader takes") {
  const Json schema = Json::parse(config::schema(fake_catalogue()));
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["additionalProperties"] == false);
  const Json& top = schema["properties"];
  CHECK(keys(top) == std::set<std::string>{"site", "timezone", "server", "storage", "alarms", "notify", "inference",
                                           "defaults", "cameras"});
  const Json& camera = top["cameras"]["additionalProperties"]["properties"];
  CHECK(keys(camera) == keys(top["defaults"]["properties"]));
  CHECK(keys(camera["analyzers"]["properties"]) == std::set<std::string>{"health", "people"});

  const Json& people = camera["analyzers"]["properties"]["people"]["properties"];
  CHECK(people.contains("when"));
  CHECK(people["scale.low"]["type"][0] == "number");
  CHECK(people["scale"]["properties"].contains("low"));
  CHECK(people["confidence"]["maximum"] == 1);
  const Json& zone = camera["zones"]["additionalProperties"];
  CHECK(zone["required"][0] == "polygon");
  CHECK(keys(zone["properties"]["options"]["properties"]["people"]["properties"]) ==
        std::set<std::string>{"confidence", "scale", "scale.low"});
}

TEST_CASE("bounds and defaults of the schema are those of the loader") {
  const Json schema = Json::parse(config::schema({}));
  const Json& port = schema["properties"]["server"]["properties"]["port"];
  CHECK(port["minimum"] == 0);
  CHECK(port["maximum"] == 65535);
  CHECK(port["default"] == 8080);
  CHECK(schema["properties"]["defaults"]["properties"]["transport"]["default"] == "auto");
}

}  // namespace
}  // namespace lynceus::test
