// A camera that pans, and targets too dim for one picture: how the background moves is measured, what moves with it is no
// target, pictures laid over each other show what one does not.
#include "plugins/targets/camera_shift.h"

#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "plugins/targets/accumulator.h"
#include "plugins/targets/detector.h"
#include "plugins/targets/track_book.h"
#include "tests/support/catch.h"
#include "tests/unit/targets/sky.h"

namespace lynceus::test {
namespace {

using targets::Accumulator;
using targets::CameraMotion;
using targets::CameraShift;
using targets::Track;

/// A hazy background with lamps in it, larger than what the camera sees.
cv::Mat landscape() {
  cv::Mat coarse(24, 36, CV_32F), wide;
  cv::RNG random(5);
  random.fill(coarse, cv::RNG::NORMAL, 0, 8);
  cv::resize(coarse, wide, {600, 400}, 0, 0, cv::INTER_CUBIC);
  wide += 80;
  for (int i = 0; i < 12; ++i) add_point(wide, {random.uniform(20.0, 580.0), random.uniform(20.0, 380.0)}, 70, 1.2);
  return wide;
}

cv::Mat seen_at(const cv::Mat& land, cv::Point2d corner, std::uint64_t seed, cv::Size size = {320, 256}) {
  cv::Mat view;
  const cv::Matx23d map(1, 0, corner.x, 0, 1, corner.y);
  cv::warpAffine(land, view, map, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
  return to_8bit(with_noise(view, 1.5, seed));
}

/// Counts frames in which a confirmed track is within 4 pixels of `at`, and tracks confirmed elsewhere.
struct Panned {
  int near = 0, elsewhere = 0;
};

template <class Place>
Panned pan(bool registration, const Place& target_at) {
  const cv::Mat land = landscape();
  targets::Detector detector({});
  targets::TrackBook book({});
  CameraShift camera;
  Panned out;
  for (int i = 0; i < 80; ++i) {
    cv::Mat view;
    const cv::Point2d corner(40 + 1.3 * i, 30 + 0.7 * i), target = target_at(i);
    const cv::Matx23d map(1, 0, corner.x, 0, 1, corner.y);
    cv::warpAffine(land, view, map, {320, 256}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
    if (target.x > 0) add_point(view, target, 70, 1.2);
    const cv::Mat picture = to_8bit(with_noise(view, 1.5, std::uint64_t(i) + 1));
    CameraMotion motion;
    if (registration) motion = {camera.update(picture), camera.moves()};
    book.update(detector.look(picture), motion);
    bool near = false;
    for (const Track& track : book.tracks()) {
      if (track.state != Track::State::tracked) continue;
      const bool on_target = target.x > 0 && cv::norm(track.motion.at() - target) < 4;
      near = near || on_target;
      out.elsewhere += !on_target;
    }
    out.near += near;
  }
  return out;
}

}  // namespace

TEST_CASE("The way of the background is measured to a part of a pixel, at any speed, in both depths") {
  const cv::Mat land = landscape();
  for (const cv::Point2d speed :
       {cv::Point2d(0.1, -0.05), cv::Point2d(1.3, 0.7), cv::Point2d(-0.6, 2), cv::Point2d(0, 0)}) {
    CameraShift camera, deep;
    cv::Point2d travelled, travelled_deep;
    for (int i = 0; i < 60; ++i) {
      cv::Mat wide;
      const cv::Mat picture = seen_at(land, cv::Point2d(100, 60) + speed * i, std::uint64_t(i) + 1);
      picture.convertTo(wide, CV_16U, 30, 20000);
      travelled += camera.update(picture);
      travelled_deep += deep.update(wide);
    }
    INFO(speed << " measured " << travelled);
    REQUIRE(cv::norm(travelled + 59 * speed) < 1);
    REQUIRE(cv::norm(travelled_deep + 59 * speed) < 1);
    REQUIRE(camera.moves() == (speed != cv::Point2d(0, 0)));
  }
}

TEST_CASE("A jump of the camera is measured; an empty sky tells nothing") {
  const cv::Mat land = landscape();
  CameraShift camera;
  for (int i = 0; i < 3; ++i) camera.update(seen_at(land, {100, 60}, std::uint64_t(i) + 1));
  REQUIRE(cv::norm(camera.update(seen_at(land, {140, 40}, 9)) - cv::Point2d(-40, 20)) < 2);
  CameraShift empty;
  for (int i = 0; i < 30; ++i) {
    const cv::Point2d shift =
        empty.update(to_8bit(with_noise(cv::Mat(256, 320, CV_32F, cv::Scalar(80)), 3, std::uint64_t(i) + 1)));
    REQUIRE(cv::norm(shift) == 0);
    REQUIRE_FALSE(empty.moves());
  }
}

TEST_CASE("A bright target in an empty sky does not pass for the background") {
  CameraShift camera;
  for (int i = 0; i < 40; ++i) {
    cv::Mat picture(256, 320, CV_32F, cv::Scalar(80));
    add_point(picture, {60 + 2.0 * i, 90 + 0.5 * i}, 120, 2);
    camera.update(to_8bit(with_noise(picture, 2, std::uint64_t(i) + 1)));
    REQUIRE_FALSE(camera.moves());
  }
}

TEST_CASE("While the camera pans, lamps are no targets; what goes its own way is") {
  const auto none = [](int) { return cv::Point2d(-1, -1); };
  REQUIRE(pan(false, none).elsewhere > 100);
  REQUIRE(pan(true, none).elsewhere == 0);
  const Panned across = pan(true, [](int i) { return cv::Point2d(60 + 1.5 * i, 80 + 0.5 * i); });
  REQUIRE(across.near >= 60);
  REQUIRE(across.elsewhere == 0);
  const Panned followed = pan(true, [](int) { return cv::Point2d(160, 128); });  // the camera keeps it in the middle
  REQUIRE(followed.near >= 60);
}

TEST_CASE("Pictures laid over each other have less noise and keep the background sharp") {
  const cv::Mat land = landscape();
  const auto noise_of = [&](int pictures) {
    Accumulator accumulator(pictures);
    cv::Mat mean;
    for (int i = 0; i < 8; ++i)
      mean = accumulator.add(seen_at(land, {100.0 + 2 * i, 60}, std::uint64_t(i) + 1), {-2, 0});
    cv::Mat clean, difference;
    const cv::Matx23d map(1, 0, 114, 0, 1, 60);
    cv::warpAffine(land, clean, map, {320, 256}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
    mean.convertTo(difference, CV_32F);
    difference -= clean;
    cv::Scalar middle, sigma;
    cv::meanStdDev(difference(cv::Rect(20, 10, 280, 230)), middle, sigma);
    return sigma[0];
  };
  REQUIRE(noise_of(1) == Approx(1.5).margin(0.2));
  REQUIRE(noise_of(4) == Approx(0.8).margin(0.15));
}

TEST_CASE("A target too dim for one picture is confirmed in the mean of four") {
  const auto seen = [](int pictures) {
    targets::Detector detector({});
    targets::TrackBook book({});
    Accumulator accumulator(pictures);
    int frames = 0;
    for (int i = 0; i < 60; ++i) {
      cv::Mat picture = smooth_sky({200, 150});
      const cv::Point2d at(60 + 0.3 * i, 70 + 0.1 * i);
      add_point(picture, at, 22, 1.2);
      book.update(detector.look(accumulator.add(to_8bit(with_noise(picture, 6, std::uint64_t(i) + 1)), {})));
      for (const Track& track : book.tracks()) {
        const double apart = cv::norm(track.motion.at() - at);
        if (track.state != Track::State::tracked) continue;
        REQUIRE(apart < 5);
        ++frames;
      }
    }
    return frames;
  };
  const int alone = seen(1), together = seen(4);
  INFO(alone << " of one, " << together << " of four");
  REQUIRE(together >= 40);
  REQUIRE(alone <= together / 2);
}

}  // namespace lynceus::test
