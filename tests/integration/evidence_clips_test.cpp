// Clips of real streams, cut out of the ring and played again.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/evidence_stage.h"
#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

/// ffmpeg's words on a file, where it is installed: it complains of what players forgive.
std::string ffmpeg_says(const std::string& file) {
  const std::string said = file + ".said";
  const std::string command =
      "command -v ffmpeg >/dev/null || exit 0; ffmpeg -v warning -i '" + file + "' -f null - >'" + said + "' 2>&1";
  if (std::system(command.c_str()) != 0) return "ffmpeg failed";
  std::ifstream in(said);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Kind {
  const char* spec;
  double least_s, most_s;
};

/// 2 s before and behind, keyframes every second, ten pictures a second.
constexpr Kind kKinds[] = {
    {"scene:still,fps=10,size=320x240,loop=6", 3.8, 5.4},
    {"scene:still,fps=10,size=320x240,loop=6,bframes=2", 3.7, 5.4},
    {"scene:still,fps=10,size=320x240,loop=6,codec=h265", 3.8, 5.4},
    {"scene:still,fps=10,size=320x240,loop=6,codec=mjpeg", 3.7, 4.4},
};

void check_clip(const std::string& file, const Kind& kind) {
  const Played played = play(file);
  CHECK(played.trouble.empty());
  CHECK(played.size == cv::Size(320, 240));
  CHECK(played.seconds > kind.least_s);
  CHECK(played.seconds < kind.most_s);
  CHECK(played.pictures >= static_cast<int>(played.seconds * 10 - 2));
  CHECK(ffmpeg_says(file) == "");
}

TEST_CASE("a clip of each kind of stream plays from before the alarm to behind it") {
  std::vector<std::unique_ptr<EvidenceStage>> stages;
  for (const Kind& kind : kKinds) stages.push_back(std::make_unique<EvidenceStage>(kind.spec));
  for (const auto& stage : stages) REQUIRE(stage->stream_for(1ms));
  REQUIRE(stages.front()->stream_for(3500ms));
  for (const auto& stage : stages) stage->raise(1);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    INFO(kKinds[i].spec);
    REQUIRE(stages[i]->until_clip(1));
    CHECK_FALSE(stages[i]->clip_from(1));
    CHECK_FALSE(std::filesystem::exists(stages[i]->unfinished(1)));
    check_clip(stages[i]->clip(1), kKinds[i]);
  }
}

TEST_CASE("the evidence stream gives the clip without being decoded") {
  EvidenceStage::Settings settings;
  settings.as_evidence_stream = true;
  EvidenceStage stage(kKinds[1].spec, settings);
  REQUIRE(stage.stream_for(4500ms));
  stage.raise(1);
  REQUIRE(stage.until_clip(1));
  check_clip(stage.clip(1), kKinds[1]);
}

TEST_CASE("keyframes ten seconds apart: the clip begins with the one there is") {
  EvidenceStage stage("scene:still,fps=10,size=320x240,loop=20,gop=10");
  REQUIRE(stage.stream_for(4s));
  stage.raise(1);
  REQUIRE(stage.until_clip(1));
  const Played played = play(stage.clip(1));
  CHECK(played.trouble.empty());
  CHECK(played.seconds > 3.5);
  CHECK(played.seconds < 14.5);
  CHECK(ffmpeg_says(stage.clip(1)) == "");
}

TEST_CASE("a raise at once after the stream began: the clip says that it begins late") {
  EvidenceStage stage(kKinds[0].spec);
  REQUIRE(stage.stream_for(300ms));
  stage.raise(1);
  REQUIRE(stage.until_clip(1));
  CHECK(stage.clip_from(1));
  CHECK(play(stage.clip(1)).trouble.empty());
}

TEST_CASE("raises that overlap share one file") {
  EvidenceStage stage(kKinds[0].spec);
  REQUIRE(stage.stream_for(2500ms));
  stage.raise(1);
  REQUIRE(stage.stream_for(1s));
  stage.raise(2);
  REQUIRE(stage.until_clip(1));
  REQUIRE(stage.until_clip(2));
  CHECK(std::filesystem::equivalent(stage.clip(1), stage.clip(2)));
  check_clip(stage.clip(2), kKinds[0]);
}

TEST_CASE("a change of the picture's size ends the clip") {
  EvidenceStage::Settings settings;
  settings.evidence.after = 20s;
  EvidenceStage stage(kKinds[0].spec, settings);
  REQUIRE(stage.stream_for(3s));
  stage.raise(1);
  REQUIRE(stage.stream_for(1s));
  stage.simulator().fault("cam", "resolution", 0ms);
  REQUIRE(stage.until_clip(1));
  const Played played = play(stage.clip(1));
  CHECK(played.trouble.empty());
  CHECK(played.size == cv::Size(320, 240));
  CHECK(played.seconds > 2.5);
  CHECK(played.seconds < 10);
}

TEST_CASE("what is there of a clip plays while it is being written") {
  EvidenceStage::Settings settings;
  settings.evidence.after = 30s;
  EvidenceStage stage(kKinds[1].spec, settings);
  REQUIRE(stage.stream_for(3s));
  stage.raise(1);
  REQUIRE(stage.stream_for(5s));
  const std::string copy = stage.unfinished(1) + ".mp4";
  REQUIRE(std::filesystem::copy_file(stage.unfinished(1), copy));
  const Played played = play(copy);
  CHECK(played.trouble.empty());
  CHECK(played.seconds > 2);
  CHECK(ffmpeg_says(copy) == "");
}

}  // namespace
}  // namespace lynceus::test
