#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

std::string wrong(const std::vector<std::string>& sets) {
  try {
    config::plugin_options(fake_people(), sets);
    return "accepted";
  } catch (const Error& error) {
    CHECK(error.exit() == Exit::usage);
    return error.what();
  }
}

TEST_CASE("--set takes JSON values and bare texts") {
  const auto options = config::plugin_options(
      fake_people(), {"confidence=0.25", "detector=yolox", "input=320", "panel=true", "label=\"a b\"",
                      "scale.bar=[1,2,3,4]", "scale={\"low\": -5}", "corners=[[0,0],[1,0],[1,1],[0,1]]", "input=640"});
  CHECK(options.number("confidence") == 0.25);
  CHECK(options.text("detector") == "yolox");
  CHECK(options.integer("input") == 640);
  CHECK(options.boolean("panel"));
  CHECK(options.text("label") == "a b");
  CHECK(options.numbers("scale.bar").size() == 4);
  CHECK(options.number("scale.low") == -5);
  CHECK(options.points("corners").size() == 4);
  CHECK_FALSE(options.has("model"));
  CHECK(config::plugin_options(fake_people(), std::vector<std::string>{}).number("confidence") == 0.5);
}

TEST_CASE("--set that is wrong is wrong usage") {
  CHECK(wrong({"confidence"}) == "--set: 'confidence': accepted: KEY=VALUE");
  CHECK(wrong({"=1"}) == "--set: '=1': accepted: KEY=VALUE");
  CHECK(wrong({"confidense=1"}) == "--set: confidense: unknown key; did you mean 'confidence'?");
  CHECK(wrong({"confidence=2"}) == "--set: confidence: '2' is out of range; accepted: a number from 0 to 1");
  CHECK(wrong({"confidence=high"}) == "--set: confidence: 'high' is no number; accepted: a number from 0 to 1");
  CHECK(wrong({"confidence=null"}) == "--set: confidence: has no value; accepted: a number from 0 to 1");
  CHECK(wrong({"detector=yolo"}) == "--set: detector: unknown value 'yolo'; did you mean 'yolox'?");
  CHECK(wrong({"scale.bar=[1,2]"}) == "--set: scale.bar: has 2 elements; accepted: a list of 4 numbers");
  CHECK(wrong({"panel=1"}) == "--set: panel: '1' is no truth value; accepted: true or false");
}

TEST_CASE("--set stands on a file's section") {
  const std::string file =
      (std::filesystem::temp_directory_path() / ("lynceus-options-" + std::to_string(getpid()))).string();
  const auto read = [&](const std::string& yaml, const std::vector<std::string>& sets) {
    std::ofstream(file) << yaml;
    return config::plugin_options(fake_people(), file, sets);
  };
  const auto alone = read("people: {when: 2s, confidence: 0.7, scale: {low: 1}}\n", {"scale.low=2"});
  CHECK(alone.number("confidence") == 0.7);
  CHECK(alone.number("scale.low") == 2);
  CHECK(read("defaults: {analyzers: {people: {input: 64}}}\n", {}).integer("input") == 64);
  CHECK(read("site: a\n", {}).integer("input") == 416);
  try {
    read("people: {inptu: 64}\n", {});
    FAIL("accepted");
  } catch (const config::ConfigError& error) {
    CHECK(error.what() == "config: " + file + ":1:10: people.inptu: unknown key; did you mean 'input'?");
  }
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace lynceus::test
