// The pipe's temperatures, colours and faults; the palette; the sky's target.
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "pipeline/scenes/palette.h"
#include "pipeline/scenes/pipe.h"
#include "pipeline/scenes/sky.h"
#include "tests/support/catch.h"

namespace lynceus::scenes {
namespace {

constexpr double kFault = 5;

SceneSettings thermal(const std::string& name, cv::Size size = {640, 480}) {
  SceneSettings settings;
  settings.scene = name;
  settings.size = size;
  settings.fault_at_s = kFault;
  return settings;
}

double celsius(const cv::Mat& kelvin100) { return cv::mean(kelvin100)[0] / 100 - 273.15; }

int pixels_above(const cv::Mat& kelvin100, double celsius) {
  return cv::countNonZero(kelvin100 > (celsius + 273.15) * 100);
}

}  // namespace

TEST_CASE("iron gets brighter with every entry and red never falls") {
  const cv::Mat palette = iron_palette();
  REQUIRE(palette.total() == 256);
  double before = -1;
  int red = -1;
  for (int i = 0; i < 256; ++i) {
    const cv::Vec3b colour = palette.at<cv::Vec3b>(0, i);
    const double luminance = 0.114 * colour[0] + 0.587 * colour[1] + 0.299 * colour[2];
    CHECK(luminance > before);
    CHECK(colour[2] >= red);
    before = luminance;
    red = colour[2];
  }
}

TEST_CASE("the pipe is warm, its wall is cool, and water shows where the insulation fails") {
  PipeScene scene(thermal("pipe"));
  const cv::Rect pipe = scene.pipe();
  const cv::Mat healthy = *scene.radiometric(1);
  REQUIRE(healthy.type() == CV_16UC1);
  CHECK(celsius(healthy.rowRange(0, pipe.y - 20)) == Approx(21).margin(2));
  CHECK(celsius(healthy.rowRange(pipe.y + 10, pipe.br().y - 10)) == Approx(33).margin(2));
  CHECK(pixels_above(healthy, 45) == 0);

  const cv::Mat damaged = *scene.radiometric(kFault + 11);
  CHECK(pixels_above(damaged, 55) > 200);
  CHECK(celsius(damaged(scene.defect(kFault + 11))) > 50);
  CHECK(scene.truth(kFault + 11).fault_kind == "insulation_damaged");

  const double late = kFault + PipeScene::kMissingAfter_s + 11;
  const cv::Mat missing = *scene.radiometric(late);
  CHECK(pixels_above(missing, 60) > 1.5 * pixels_above(damaged, 60));
  CHECK(scene.truth(late).fault_kind == "insulation_missing");
  const cv::Rect gap = scene.defect(late);
  CHECK(celsius(missing(cv::Rect(gap.x + 8, pipe.y, gap.width - 16, pipe.height / 8))) < 30);  // thinner there
}

TEST_CASE("damage grows") {
  PipeScene scene(thermal("pipe"));
  int before = 0;
  for (const double age : {0.5, 4.0, 8.0, 11.0, 13.0, 20.0}) {
    const int hot = pixels_above(*scene.radiometric(kFault + age), 40);
    CHECK(hot > before);
    before = hot;
  }
}

TEST_CASE("noise is that of a real camera") {
  PipeScene scene(thermal("pipe"));
  cv::Mat difference;
  cv::subtract(*scene.radiometric(1), *scene.radiometric(2), difference, cv::noArray(), CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(difference, mean, deviation);
  const double netd = deviation[0] / std::sqrt(2.0) / 100;
  CHECK(netd > 0.05);
  CHECK(netd < 0.1);
}

TEST_CASE("colours along the scale bar give the temperatures back") {
  PipeScene scene(thermal("pipe"));
  const cv::Mat picture = scene.render(1), kelvin = *scene.radiometric(1);
  const cv::Rect bar = scene.scale_bar();
  const Truth truth = scene.truth(1);
  REQUIRE(truth.max_celsius > truth.min_celsius);
  for (const int x : {40, 200, 500}) {
    const int y = scene.pipe().y + scene.pipe().height / 2;
    const auto colour = picture.at<cv::Vec3b>(y, x);
    double best = 1e9, read = 0;
    for (int row = 0; row < bar.height; ++row) {
      const auto shown = picture.at<cv::Vec3b>(bar.y + row, bar.x + bar.width / 2);
      const double away = cv::norm(cv::Vec3i(shown) - cv::Vec3i(colour));
      if (away >= best) continue;
      best = away;
      read = truth.max_celsius - (truth.max_celsius - truth.min_celsius) * row / (bar.height - 1);
    }
    CHECK(read == Approx(kelvin.at<ushort>(y, x) / 100.0 - 273.15).margin(0.5));
  }
}

TEST_CASE("the sky's target is brighter than what surrounds it, and small") {
  SkyScene scene(thermal("sky"));
  int seen = 0;
  for (double time_s = 0; time_s < 60; time_s += 0.7) {
    const Truth truth = scene.truth(time_s);
    if (truth.targets.empty()) continue;
    ++seen;
    const cv::Rect2d box = truth.targets.front();
    CHECK(box.width >= 2);
    CHECK(box.width <= 6);
    cv::Mat grey;
    cv::cvtColor(scene.render(time_s), grey, cv::COLOR_BGR2GRAY);
    const cv::Rect picture({0, 0}, grey.size());
    const cv::Rect near = cv::Rect(box) & picture;
    double peak = 0;
    cv::minMaxLoc(grey(near), nullptr, &peak);
    const cv::Rect around = cv::Rect(near.x - 8, near.y - 8, near.width + 16, near.height + 16) & picture;
    CHECK(peak > cv::mean(grey(around))[0] + 25);
  }
  CHECK(seen > 50);
}

TEST_CASE("the target leaves and comes back, and passes behind a bank of cloud") {
  const SkyScene scene(thermal("sky"));
  CHECK(scene.target(SkyScene::kPass_s / 2));
  CHECK_FALSE(scene.target(SkyScene::kPass_s + 1));
  CHECK(scene.target(SkyScene::kPass_s + SkyScene::kAway_s + SkyScene::kPass_s / 2));
  CHECK(scene.target(SkyScene::kHidden_s - 0.1));
  CHECK_FALSE(scene.target(SkyScene::kHidden_s + SkyScene::kHiddenFor_s / 2));
  CHECK(scene.target(SkyScene::kHidden_s + SkyScene::kHiddenFor_s + 0.1));
}

TEST_CASE("the target moves smoothly, its picture is grey, and clouds drift") {
  SkyScene scene(thermal("sky"));
  for (double time_s = 2; time_s < 14; time_s += 0.04) {
    if (!scene.target(time_s) || !scene.target(time_s + 0.04)) continue;  // behind the bank of cloud
    CHECK(cv::norm(*scene.target(time_s + 0.04) - *scene.target(time_s)) < 4);
  }
  const cv::Mat picture = scene.render(0);
  cv::Mat channels[3];
  cv::split(picture, channels);
  CHECK(cv::norm(channels[0], channels[2], cv::NORM_INF) == 0);
  CHECK(cv::norm(picture, scene.render(10), cv::NORM_L1) / static_cast<double>(picture.total() * 3) > 3);
}

}  // namespace lynceus::scenes
