// Presence, vote, stored references, watches, outlines: each by itself.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/scene/outlines.h"
#include "plugins/scene/presence.h"
#include "plugins/scene/reference.h"
#include "plugins/scene/vote.h"
#include "plugins/scene/watch.h"
#include "tests/support/catch.h"

namespace lynceus {
namespace {

using namespace scene;

Maps constant_maps(float floor) {
  Maps out;
  for (const float value : {floor, 1 - floor, 0.0F, 0.0F}) out.emplace_back(60, 80, CV_32F, cv::Scalar(value));
  return out;
}
const cv::Mat kGrey(240, 320, CV_8UC3, cv::Scalar::all(90));
const cv::Mat kNobody = cv::Mat::zeros(kGrid, CV_8U);

}  // namespace

TEST_CASE("a share above its limit becomes so after its time, and ends well below it") {
  Watch watch(0.3, 60, 30);
  watch.update(0.5, 0);
  watch.update(0.5, 59);
  REQUIRE_FALSE(watch.active());
  REQUIRE(watch.pending());
  watch.update(0.29, 59.5);
  REQUIRE_FALSE(watch.pending());
  for (const double t : {60.0, 100.0, 121.0}) watch.update(0.31, t);
  REQUIRE(watch.active());
  for (double t = 130; t < 300; t += 10) watch.update(0.25, t);  // neither
  REQUIRE(watch.active());
  watch.update(0.1, 300);
  watch.update(0.1, 329);
  REQUIRE(watch.active());
  watch.update(0.1, 331);
  REQUIRE_FALSE(watch.active());
  Watch alone(0.3, 0, 0);
  alone.update(0.9, 5);
  REQUIRE_FALSE(alone.active());  // one look does not decide
  alone.update(0.9, 5.1);
  REQUIRE(alone.active());
}

TEST_CASE("one wrong look is outvoted, a lasting change wins, what is hidden stays") {
  Vote vote;
  for (int i = 0; i < 5; ++i) vote.add(constant_maps(0.9F), constant_maps(0.9F), kGrey, kNobody);
  REQUIRE(vote.full());
  REQUIRE(vote.surprise() < 1e-6);
  vote.add(constant_maps(0), constant_maps(0), kGrey, kNobody);
  REQUIRE(vote.room().maps[kFloor].at<float>(5, 5) > 0.5F);
  REQUIRE(vote.surprise() > 0.5);
  vote.add(constant_maps(0.9F), constant_maps(0.9F), kGrey, kNobody);
  cv::Mat left = kNobody.clone();
  left.colRange(0, kGrid.width / 2).setTo(255);
  for (int i = 0; i < 5; ++i) vote.add(constant_maps(0), constant_maps(0), kGrey, left);
  REQUIRE(vote.room().maps[kFloor].at<float>(5, 5) > 0.65F);
  REQUIRE(vote.room().maps[kFloor].at<float>(5, kGrid.width - 5) < 0.2F);
  Vote never;
  for (int i = 0; i < 5; ++i) never.add(constant_maps(0.9F), constant_maps(0.9F), kGrey, left);
  REQUIRE(never.room().known.at<uchar>(5, 5) == 0);
  REQUIRE(never.room().known.at<uchar>(5, kGrid.width - 5) == 255);
}

TEST_CASE("who stirs is hidden for a while, what is put down is not; boxes are hidden at once") {
  Presence presence(15);
  cv::Mat room(90, 160, CV_8U, cv::Scalar(100)), noise(room.size(), CV_16S), picture;
  cv::RNG random(4);
  double now = 0;
  const auto frame = [&](int x, int level) {
    picture = room.clone();
    cv::rectangle(picture, {x, 30, 20, 40}, cv::Scalar(level), cv::FILLED);
    random.fill(noise, cv::RNG::NORMAL, 0, 2);
    cv::add(picture, noise, picture, cv::noArray(), CV_8U);
    presence.note(picture, now += 0.5);
  };
  const auto hidden = [&] { return cv::countNonZero(presence.hidden({}, {1280, 720}, kGrid, now)); };
  for (int i = 0; i < 10; ++i) frame(60, 100);
  presence.mark(now);
  REQUIRE(hidden() == 0);
  frame(60, 190);  // a box
  REQUIRE(hidden() > 500);
  for (int i = 0; i < 32; ++i) frame(60, 190);
  REQUIRE(hidden() == 0);
  REQUIRE(presence.changed(now) > 0.03);
  presence.mark(now);
  REQUIRE(presence.changed(now) == 0);
  for (int i = 0; i < 60; ++i) frame(60 + (i / 9) % 2, 190);  // shifts its weight every few seconds
  REQUIRE(hidden() > 100);
  const std::vector<cv::Rect2d> people{{640, 360, 80, 200}, {-50, -50, 60, 60}, {2000, 10, 50, 50}};
  const cv::Mat boxes = presence.hidden(people, {1280, 720}, kGrid, now + 100);
  REQUIRE(boxes.at<uchar>(kGrid.height * 460 / 720, kGrid.width * 680 / 1280) == 255);
  REQUIRE(boxes.at<uchar>(0, 0) == 255);
  REQUIRE(cv::countNonZero(boxes) < kGrid.area() / 20);
}

TEST_CASE("a reference survives being stored; broken, foreign and other networks' ones do not") {
  Vote vote;
  for (int i = 0; i < 4; ++i) vote.add(constant_maps(0.7F), constant_maps(0.7F), kGrey, kNobody);
  const Fingerprint network{0.1F, 0.2F, 0.3F, 0.4F};
  std::vector<std::byte> blob = to_blob(vote.room(), network);
  const auto back = from_blob(blob, network);
  REQUIRE(back);
  for (std::size_t i = 0; i < 4; ++i) REQUIRE(cv::norm(back->maps[i], vote.room().maps[i], cv::NORM_INF) < 0.0021);
  REQUIRE(cv::norm(back->picture, vote.room().picture, cv::NORM_INF) <= 0.5);
  REQUIRE(cv::countNonZero(back->known) == kGrid.area());
  REQUIRE_FALSE(from_blob(blob, {0.2F, 0.1F, 0.3F, 0.4F}));
  blob.pop_back();
  REQUIRE_FALSE(from_blob(blob, network));
  blob.push_back({});
  blob[0] = std::byte{1};
  REQUIRE_FALSE(from_blob(blob, network));
  REQUIRE_FALSE(from_blob({}, network));
}

TEST_CASE("zones are proposed around the largest parts, in few corners") {
  cv::Mat labels(120, 160, CV_8U, cv::Scalar(kStructure));
  cv::fillConvexPoly(labels, std::vector<cv::Point>{{0, 119}, {159, 119}, {120, 70}, {30, 70}}, cv::Scalar(kFloor));
  cv::rectangle(labels, {70, 30, 6, 6}, cv::Scalar(kFloor), cv::FILLED);  // a speck
  const auto floor = outlines(labels, kFloor);
  REQUIRE(floor.size() == 1);
  REQUIRE(floor[0].size() >= 4);
  REQUIRE(floor[0].size() <= 16);
  double lowest = 0, highest = 1;
  for (const cv::Point2d& p : floor[0]) {
    REQUIRE((p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1));
    lowest = std::max(lowest, p.y), highest = std::min(highest, p.y);
  }
  REQUIRE(lowest == 1);
  REQUIRE(std::abs(highest - 70.0 / 120) < 0.04);
  REQUIRE(outlines(labels, kFurniture).empty());
}

}  // namespace lynceus
