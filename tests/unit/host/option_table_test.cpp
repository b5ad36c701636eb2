#include "pipeline/host/option_table.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace lynceus::host {
namespace {

using sdk::OptionSpec;
using sdk::OptionType;

std::string fault(OptionSpec spec) {
  sdk::PluginInfo info;
  info.name = "x";
  info.options = {std::move(spec)};
  return table_fault(info);
}

TEST_CASE("names are plain") {
  REQUIRE(plain_name("camera_dark2"));
  for (const char* name : {"", "Camera", "2x", "a b", "a.b", "_a", "ä"}) REQUIRE_FALSE(plain_name(name));
  REQUIRE_FALSE(plain_name(std::string(65, 'a')));
}

TEST_CASE("a right option passes") {
  REQUIRE(fault({"scale.low", OptionType::number, 1.0, "help", 0, 2}).empty());
  REQUIRE(fault({"init", OptionType::numbers, std::nullopt, "help"}).empty());
  REQUIRE(fault({"mode", OptionType::choice, std::string("a"), "help", -1e300, 1e300, {"a", "b"}}).empty());
  REQUIRE(fault({"box", OptionType::numbers, std::vector<double>{1, 2}, "help", 0, 5, {}, 2}).empty());
}

TEST_CASE("a wrong option is named with its trouble") {
  REQUIRE(fault({"Low", OptionType::number, 1.0, "help"}) == "its option 'Low' is not a plain key");
  REQUIRE(fault({"a..b", OptionType::number, 1.0, "help"}) == "its option 'a..b' is not a plain key");
  REQUIRE(fault({"when", OptionType::text, std::string(), "help"}) == "its option 'when' is the daemon's own key");
  REQUIRE(fault({"a", OptionType::integer, 1.0, "help"}) == "its option 'a' has a default of another type");
  REQUIRE(fault({"a", OptionType::number, 3.0, "help", 0, 2}) == "its option 'a' has a default that is not allowed");
  REQUIRE(fault({"a", OptionType::number, 1.0, "help", 2, 0}) == "its option 'a' has bounds the wrong way round");
  REQUIRE(fault({"a", OptionType::choice, std::string("c"), "help", -1e300, 1e300, {"a"}}) ==
          "its option 'a' has a default that is not allowed");
  REQUIRE(fault({"a", OptionType::choice, std::nullopt, "help"}) == "its option 'a' has no choices");
  REQUIRE(fault({"a", OptionType::numbers, std::vector<double>{1}, "help", 0, 5, {}, 2}) ==
          "its option 'a' has a default that is not allowed");
  REQUIRE(fault({"a", OptionType::number, 1.0, ""}) == "its option 'a' has no help text");
}

TEST_CASE("the rest of the table is looked at too") {
  sdk::PluginInfo info;
  info.name = "x";
  info.when = "sometimes";
  REQUIRE(table_fault(info) == "its cadence is none of every_frame, on_motion or a period");
  info.when = "500ms";
  info.kinds = {"not plain"};
  REQUIRE(table_fault(info) == "its kinds are not plain names");
  info.kinds = {};
  info.options = {{"a", OptionType::boolean, true, "help"}, {"a", OptionType::boolean, true, "help"}};
  REQUIRE(table_fault(info) == "its option 'a' is there twice");
}

}  // namespace
}  // namespace lynceus::host
