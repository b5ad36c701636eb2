// Targets over time: found and confirmed, kept through a gap, not made of noise; one pointed out and followed, also
// after a cut.
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "plugins/targets/follower.h"
#include "plugins/targets/kalman.h"
#include "plugins/targets/track_book.h"
#include "tests/support/catch.h"
#include "tests/unit/targets/sky.h"

namespace lynceus::test {
namespace {

using targets::Detector;
using targets::Follower;
using targets::Track;
using targets::TrackBook;

cv::Mat frame(const std::vector<cv::Point2d>& points, std::uint64_t seed, double amplitude = 60) {
  cv::Mat picture = smooth_sky({200, 150});
  for (const cv::Point2d& at : points) add_point(picture, at, amplitude, 1.2);
  return to_8bit(with_noise(picture, 2, seed));
}

const Track* confirmed(const TrackBook& book) {
  for (const Track& track : book.tracks()) {
    if (track.state == Track::State::tracked) return &track;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("The Kalman filter learns a constant velocity") {
  targets::Kalman kalman({10, 20});
  for (int i = 1; i <= 30; ++i) {
    kalman.predict();
    kalman.correct({10 + 1.5 * i, 20 - 0.5 * i}, 0.5);
  }
  REQUIRE(kalman.velocity().x == Approx(1.5).margin(0.02));
  REQUIRE(kalman.velocity().y == Approx(-0.5).margin(0.02));
  const double doubt = kalman.doubt_px();
  kalman.predict();
  REQUIRE(kalman.doubt_px() > doubt);
  REQUIRE(kalman.distance2(kalman.at() + cv::Point2d(1, 0), 1) < kalman.distance2(kalman.at() + cv::Point2d(9, 0), 1));
}

TEST_CASE("A moving point is confirmed within ten frames and keeps its number through a gap") {
  Detector detector({});
  TrackBook book({});
  std::int64_t id = 0;
  for (int i = 0; i < 40; ++i) {
    const cv::Point2d at(40 + 1.7 * i, 60 + 0.4 * i);
    const bool hidden = i >= 20 && i < 24;
    book.update(detector.look(frame(hidden ? std::vector<cv::Point2d>{} : std::vector{at}, std::uint64_t(i) + 1)));
    const Track* track = confirmed(book);
    if (i == 9) {
      REQUIRE(track);
      id = track->id;
    }
    if (i < 10 || (i >= 20 && i < 26)) continue;
    REQUIRE(track);
    REQUIRE(track->id == id);
    REQUIRE(cv::norm(track->motion.at() - (at + cv::Point2d(0.5, 0.5))) < 2);
  }
}

TEST_CASE("Noise confirms nothing") {
  Detector detector({});
  TrackBook book({});
  for (int i = 0; i < 60; ++i) {
    book.update(detector.look(frame({}, std::uint64_t(i) + 100)));
    REQUIRE_FALSE(confirmed(book));
  }
}

TEST_CASE("Two targets that pass close by keep their numbers") {
  Detector detector({});
  TrackBook book({});
  std::int64_t upper = 0;
  for (int i = 0; i < 50; ++i) {
    const cv::Point2d a(40 + 2 * i, 50 + 0.2 * i), b(140 - 2 * i, 75);
    book.update(detector.look(frame({a, b}, std::uint64_t(i) + 7)));
    for (const Track& track : book.tracks()) {
      if (track.state != Track::State::tracked || cv::norm(track.motion.at() - a) > 4) continue;
      if (upper == 0) upper = track.id;
      REQUIRE(track.id == upper);
    }
  }
  REQUIRE(upper != 0);
}

TEST_CASE("A target pointed out is followed to a part of a pixel") {
  Detector detector({});
  const auto at = [](int i) { return cv::Point2d(60 + 1.3 * i, 70 - 0.6 * i); };
  const cv::Mat first = frame({at(0)}, 1);
  Follower follower(detector.filter(first), {at(0).x - 4, at(0).y - 4, 9, 9});
  for (int i = 1; i < 60; ++i) {
    const cv::Mat picture = frame({at(i)}, std::uint64_t(i) + 1);
    follower.step(detector.filter(picture), detector, picture);
    const cv::Rect2d box = follower.box();
    REQUIRE_FALSE(follower.lost());
    REQUIRE(cv::norm(cv::Point2d(box.x + box.width / 2, box.y + box.height / 2) - (at(i) + cv::Point2d(0.5, 0.5))) <
            1.5);
  }
}

TEST_CASE("A target that passes before a row of lamps is still followed behind them, and a lamp never instead") {
  Detector detector({});
  const auto at = [](int i) { return cv::Point2d(30 + 1.6 * i, 70); };
  const auto picture_at = [&](int i) {
    std::vector<cv::Point2d> points{at(i)};
    for (int lamp = 0; lamp < 6; ++lamp) points.emplace_back(80 + 6 * lamp, lamp % 2 == 0 ? 78 : 62);
    return frame(points, std::uint64_t(i) + 1, 70);
  };
  const cv::Mat first = picture_at(0);
  Follower follower(detector.filter(first), {at(0).x - 4, at(0).y - 4, 9, 9});
  int near = 0;
  for (int i = 1; i < 80; ++i) {
    const cv::Mat picture = picture_at(i);
    follower.step(detector.filter(picture), detector, picture);
    const cv::Rect2d box = follower.box();
    near += !follower.lost() && cv::norm(cv::Point2d(box.x + box.width / 2, box.y + box.height / 2) - at(i)) < 4;
  }
  REQUIRE(near >= 75);
}

TEST_CASE("After a cut the follower takes what looks most like a target") {
  Detector detector({});
  const cv::Mat first = frame({{60, 70}}, 1);
  Follower follower(detector.filter(first), {56, 66, 9, 9});
  for (int i = 1; i < 30; ++i) {
    cv::Mat picture = frame({i < 15 ? cv::Point2d(60, 70) : cv::Point2d(150, 40)}, std::uint64_t(i) + 1);
    if (i >= 15) picture = picture / 2;
    follower.step(detector.filter(picture), detector, picture);
  }
  REQUIRE_FALSE(follower.lost());
  REQUIRE(follower.box().contains(cv::Point2d(150, 40)));
}

TEST_CASE("A small target is followed out of what stood in its box") {
  Detector detector({});
  const auto at = [](int i) { return cv::Point2d(60 + 0.5 * i, 70 - 0.3 * i); };
  const auto picture_at = [&](int i) {
    cv::Mat picture = smooth_sky({200, 150});
    for (const cv::Point2d& still : {cv::Point2d(54, 66), cv::Point2d(54, 75), cv::Point2d(66, 75)})
      add_point(picture, still, 45, 1.2);
    add_point(picture, at(i), 60, 1.2);
    return to_8bit(with_noise(picture, 2, std::uint64_t(i) + 1));
  };
  const cv::Mat first = picture_at(0);
  Follower follower(detector.filter(first), {51, 63, 19, 15});
  for (int i = 1; i < 60; ++i) {
    const cv::Mat picture = picture_at(i);
    follower.step(detector.filter(picture), detector, picture);
    const cv::Rect2d box = follower.box();
    REQUIRE_FALSE(follower.lost());
    REQUIRE(cv::norm(cv::Point2d(box.x + box.width / 2, box.y + box.height / 2) - at(i)) < 3);
  }
}

TEST_CASE("What a target looks like is learned where it stands out, and not where clutter does as well") {
  struct Likeness {
    double changed, afterwards;
  };
  const auto likeness = [](bool among_clutter) {  // it has a tail for a while
    Detector detector({});
    const cv::Point2d at(100, 75);
    const auto picture_at = [&](int i, bool changed) {
      cv::Mat picture = smooth_sky({200, 150});
      add_point(picture, at, 70, 1.2);
      if (changed) add_point(picture, at + cv::Point2d(2.5, 0), 35, 1.2);
      for (int n = 0; changed && among_clutter && n < 24; ++n) {
        const double angle = n * CV_PI / 12, distance = n % 2 == 0 ? 13 : 18;
        add_point(picture, at + distance * cv::Point2d(std::cos(angle), std::sin(angle)), 200, 1.2);
      }
      return to_8bit(with_noise(picture, 1, std::uint64_t(i) + 1));
    };
    const cv::Mat first = picture_at(0, false);
    Follower follower(detector.filter(first), {at.x - 4, at.y - 4, 9, 9});
    Likeness out{};
    for (int i = 1; i < 80; ++i) {
      const cv::Mat picture = picture_at(i, i >= 5 && i < 79);
      follower.step(detector.filter(picture), detector, picture);
      REQUIRE_FALSE(follower.lost());
      REQUIRE(follower.likeness() > 0.85);  // enough to learn from
      (i < 79 ? out.changed : out.afterwards) = follower.likeness();
    }
    return out;
  };
  const Likeness open = likeness(false), among = likeness(true);
  REQUIRE(open.changed > 0.99);
  REQUIRE(among.changed < 0.98);
  REQUIRE(among.afterwards > open.afterwards + 0.01);
}

TEST_CASE("After a cut what stands at the old place, and looks a little alike, is not the target") {
  Detector detector({});
  const cv::Mat first = frame({{60, 70}}, 1);
  Follower follower(detector.filter(first), {56, 66, 9, 9});
  for (int i = 1; i < 30; ++i) {
    cv::Mat picture = smooth_sky({200, 150});
    add_point(picture, i < 15 ? cv::Point2d(60, 70) : cv::Point2d(150, 40), 60, 1.2);
    if (i >= 15) {
      picture = picture * 0.6;
      for (const double x : {-1.5, 1.5}) add_point(picture, {60 + x, 71.5 + x}, 40, 2.4);
    }
    picture = to_8bit(with_noise(picture, 1, std::uint64_t(i) + 1));
    follower.step(detector.filter(picture), detector, picture);
  }
  REQUIRE(follower.box().contains(cv::Point2d(150, 40)));
}

}  // namespace lynceus::test
