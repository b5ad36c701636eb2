#include <limits>

#include "tests/support/catch.h"
#include "tools/analyze/line.h"
#include "tools/analyze/output.h"

namespace lynceus::tools {
namespace {

camera::AnalyzerReport report_of(sdk::Observations said) {
  return {"people", std::make_shared<const sdk::Observations>(std::move(said)), 0.0125};
}

TEST_CASE("a line holds the common keys in order, then the plugin's own") {
  sdk::Observations said;
  said.measurements.push_back({"people", 3, "", {}});
  said.measurements.push_back({"people", 2, "", {{"zone", "door"}}});
  sdk::Condition condition;
  condition.kind = "crowding";
  condition.zone = "door";
  condition.active = true;
  condition.summary = "3 people";
  said.conditions.push_back(condition);
  said.details.set("detector", "hog").set("frame", 99);
  const Json line = frame_line({"a.png", 4, 0.16, nullptr}, 4, report_of(said));
  CHECK(to_line(line) ==
        R"({"input":"a.png","frame":4,"time_s":0.16,"plugin":"people","ms":12.5,)"
        R"("measurements":{"people":3.0,"people{zone=door}":2.0},)"
        R"("conditions":[{"key":"crowding:door","active":true,"severity":"warning","summary":"3 people"}],)"
        R"("detector":"hog"})"
        "\n");
}

TEST_CASE("what is no number is null, what is no text is mended") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  sdk::Observations said;
  said.measurements.push_back({"sharpness", nan, "", {}});
  said.details.set("box", sdk::Value::Array{1.5, nan}).set("word", "\xff");
  const std::string line = to_line(frame_line({"a.png", 0, 0, nullptr}, 0, report_of(said)));
  CHECK(line.find(R"("sharpness":null)") != std::string::npos);
  CHECK(line.find(R"("box":[1.5,null])") != std::string::npos);
  CHECK(line.find("\xff") == std::string::npos);
}

TEST_CASE("a password in the input stays out of the line") {
  const std::string line = to_line(frame_line({"rtsp://user:secret@cam/1", 0, 0, nullptr}, 0, report_of({})));
  CHECK(line.find("secret") == std::string::npos);
}

TEST_CASE("NAME is the file's name less its last extension, or the end of a URL") {
  CHECK(name_of("/a/b.c/yard.2024.jpg") == "yard.2024");
  CHECK(name_of("plain") == "plain");
  CHECK(name_of("rtsp://user:secret@cam:554/live/ch1?token=x") == "ch1");
  CHECK(name_of("rtsp://user:secret@10.0.0.7/") == "10.0.0.7");
  CHECK(name_of("v4l2:///dev/video0") == "video0");
}

}  // namespace
}  // namespace lynceus::tools
