// The example plugin of the guide does what the guide says, and the guide shows that very file.
#include <fstream>
#include <sstream>
#include <string>

#include "pipeline/host/analyzer_slot.h"
#include "tests/support/catch.h"
#include "tests/unit/host/plugin_files.h"
#include "tests/unit/host/slot_setup.h"
#include "tests/unit/host/test_frame.h"

namespace lynceus::host {
namespace {

using test::SlotSetup;
using test::test_plugin;

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  REQUIRE(in.good());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST_CASE("the guide quotes the example as it is built") {
  const std::string guide = text_of(std::string(LYNCEUS_GUIDE) + "/write-a-plugin.md");
  for (const char* file : {"brightness.cpp", "CMakeLists.txt"}) {
    INFO(file);
    const std::string source = text_of(std::string(LYNCEUS_EXAMPLE) + "/brightness/" + file);
    REQUIRE(source.size() > 20);
    REQUIRE(guide.find("\n" + source + "```\n") != std::string::npos);
  }
}

TEST_CASE("the example tells the brightness of the picture") {
  SlotSetup s(test_plugin("brightness"));
  AnalyzerSlot slot(s.setup);
  const test::TestInput dim(cv::Mat(90, 160, CV_8UC1, cv::Scalar(30)));
  const auto said = slot.process(dim.input());
  REQUIRE(said);
  REQUIRE(said->measurements.size() == 1);
  REQUIRE(said->measurements[0].value == Approx(30));
  REQUIRE(said->conditions[0].key() == "too_dark");
  REQUIRE(said->conditions[0].active);
  REQUIRE(slot.dropped() == 0);
}

TEST_CASE("the example looks at zones with limits of their own") {
  SlotSetup s(test_plugin("brightness"));
  cv::Mat picture(90, 160, CV_8UC1, cv::Scalar(30));
  picture.colRange(80, 160).setTo(200);
  const auto with = [&](double least) { return test::options_of(s.setup.plugin->info(), {{"least", least}}); };
  s.setup.camera.zones = {{"left", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}, with(20)},
                          {"right", {{0.5, 0}, {1, 0}, {1, 1}, {0.5, 1}}, with(220)}};
  AnalyzerSlot slot(s.setup);
  const test::TestInput input(picture);
  const auto said = slot.process(input.input());
  REQUIRE(said);
  REQUIRE(said->conditions.size() == 2);
  REQUIRE_FALSE(said->conditions[0].active);
  REQUIRE(said->conditions[1].active);
  REQUIRE(said->conditions[1].key() == "too_dark:right");
  REQUIRE(said->measurements[1].value == Approx(200));
}

}  // namespace
}  // namespace lynceus::host
