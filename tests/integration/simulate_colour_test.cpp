// Colours all the way: scene, encoder, RTSP, decoder, and back to BGR, for each matrix and range a camera may use.
#include <algorithm>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/ingest/camera_source.h"
#include "pipeline/scenes/scene.h"
#include "tests/support/catch.h"
#include "tests/support/simulator.h"
#include "tests/unit/ingest/recorder.h"

namespace lynceus::test {
namespace {

const cv::Size kSize(640, 480);

/// A patch of 16 × 16 well inside each of the seven colour bars of the test card, clear of its circle.
std::vector<cv::Rect> patches() {
  std::vector<cv::Rect> patches;
  for (int i = 0; i < 7; ++i) patches.emplace_back(kSize.width * i / 7 + 12, 90, 16, 16);
  return patches;
}

double worst(const cv::Mat& seen, const cv::Mat& drawn) {
  double worst = 0;
  for (const cv::Rect& patch : patches()) worst = std::max(worst, cv::norm(seen(patch), drawn(patch), cv::NORM_INF));
  return worst;
}

TEST_CASE("the colours of a simulated camera come back within two levels") {
  scenes::SceneSettings card;
  card.size = kSize;
  const cv::Mat drawn = scenes::make_scene(card)->render(0);
  std::vector<std::string> specs, ids;
  for (const std::string matrix : {"bt601", "bt709"}) {
    for (const std::string range : {"limited", "full"}) {
      ids.push_back(matrix + "-" + range);
      specs.push_back(ids.back() + "=scene:still,size=640x480,loop=1s,quantizer=1,matrix=" + matrix +
                      ",range=" + range);
    }
  }
  Simulator cameras(specs);
  for (const std::string& id : ids) {
    INFO(id);
    Recorder recorder;
    ingest::SourceSettings settings;
    settings.detect = cameras.url(id);
    const auto source = ingest::make_source("cam", settings, system_clock(), recorder, &recorder);
    source->start();
    REQUIRE(recorder.more_frames(2));
    const auto frame = recorder.last();
    REQUIRE(frame->size() == kSize);
    CHECK(worst(frame->bgr(), drawn) <= 2);
    source->stop();
  }
}

}  // namespace
}  // namespace lynceus::test
