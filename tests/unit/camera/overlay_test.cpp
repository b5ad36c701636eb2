#include "pipeline/camera/overlay.h"

#include <cmath>
#include <limits>

#include "tests/support/catch.h"

namespace lynceus::camera {
namespace {

int changed(const cv::Mat& before, const cv::Mat& after) {
  cv::Mat difference;
  cv::absdiff(before, after, difference);
  return cv::countNonZero(difference.reshape(1));
}

TEST_CASE("boxes, lines and texts are drawn on a copy") {
  const cv::Mat picture(240, 320, CV_8UC3, cv::Scalar(40, 40, 40));
  sdk::Overlay overlay;
  overlay.boxes.push_back({{50, 60, 40, 80}, {0, 255, 0}, "person 1"});
  overlay.lines.push_back({{{10, 10}, {300, 20}}, false, {0, 0, 255}});
  overlay.texts.push_back({{5, 5}, "safe", {255, 255, 255}});
  const sdk::Overlay* all[] = {&overlay};
  const cv::Mat drawn = draw_overlay(picture, all);
  CHECK(drawn.size() == picture.size());
  CHECK(changed(picture, drawn) > 500);
  CHECK(drawn.at<cv::Vec3b>(100, 50)[1] > 200);
  CHECK(cv::countNonZero(picture.reshape(1) != 40) == 0);
}

TEST_CASE("a grey picture comes back in colour") {
  const cv::Mat drawn = draw_overlay(cv::Mat(10, 10, CV_8UC1, cv::Scalar(7)), {});
  CHECK(drawn.type() == CV_8UC3);
}

TEST_CASE("nonsense from a plugin draws nothing and breaks nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const cv::Mat picture(48, 64, CV_8UC3, cv::Scalar::all(0));
  sdk::Overlay overlay;
  overlay.boxes.push_back({{nan, 0, 10, 10}, {255, 255, 255}, ""});
  overlay.boxes.push_back({{-1e300, 0, 1e301, 10}, {255, 255, 255}, "x"});
  overlay.lines.push_back({{{0, 0}, {nan, 3}}, true, {255, 255, 255}});
  overlay.lines.push_back({{}, true, {255, 255, 255}});
  overlay.texts.push_back({{nan, nan}, "t", {255, 255, 255}});
  const sdk::Overlay* all[] = {&overlay};
  CHECK(changed(picture, draw_overlay(picture, all)) == 0);
}

}  // namespace
}  // namespace lynceus::camera
