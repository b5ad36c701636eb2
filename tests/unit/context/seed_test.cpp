// The published method, as its specification can be checked: identities, the solver, the denoiser, the masks in time.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "plugins/context/enhancer.h"
#include "plugins/context/gradient_fusion.h"
#include "plugins/context/importance.h"
#include "plugins/context/seed_video.h"
#include "plugins/context/susan.h"
#include "tests/support/catch.h"
#include "tests/unit/context/pictures.h"

namespace lynceus::context {
namespace {

using test::by_night;
using test::greatest_difference;
using test::place;

cv::Mat weights(cv::Size size, double value) { return cv::Mat(size, CV_32FC1, cv::Scalar(value)); }

TEST_CASE("all important is the night picture, nothing important the day picture") {
  for (const Solver solver : {Solver::exact, Solver::multigrid}) {
    for (const cv::Size size : {cv::Size(96, 64), cv::Size(61, 45)}) {
      const cv::Mat day = place(size, 1), night = by_night(day, 2);
      const auto all = fuse_gradients(night, day, weights(size, 1), weights(size, 1), solver);
      const auto none = fuse_gradients(night, day, weights(size, 0), weights(size, 0), solver);
      cv::Mat wide_night, wide_day;
      night.convertTo(wide_night, CV_64F);
      day.convertTo(wide_day, CV_64F);
      REQUIRE(greatest_difference(all.unrounded, wide_night) < 0.5);
      REQUIRE(greatest_difference(none.unrounded, wide_day) < 0.5);
      REQUIRE(all.residual < (solver == Solver::exact ? 1e-6 : 1e-4));
    }
  }
}

TEST_CASE("the divergence of any field adds up to nothing") {
  const cv::Size size(53, 37);
  cv::Mat gx(size, CV_64F), gy(size, CV_64F);
  cv::RNG random(5);
  random.fill(gx, cv::RNG::UNIFORM, -50, 50);
  random.fill(gy, cv::RNG::UNIFORM, -50, 50);
  gx.col(size.width - 1).setTo(0);
  gy.row(size.height - 1).setTo(0);
  const cv::Mat f = divergence(gx, gy);
  REQUIRE(std::abs(cv::sum(f)[0]) <= 1e-9 * cv::norm(f, cv::NORM_L1));
}

TEST_CASE("multigrid and transform agree on the padded grid; what the pad changes is no equality") {
  for (const cv::Size size : {cv::Size(100, 75), cv::Size(61, 101)}) {
    const cv::Mat day = place(size, 1), night = by_night(day, 2);
    const cv::Mat weight = still_importance(night, day, ImportanceRule::threshold);
    const auto published = fuse_gradients(night, day, weight, weight, Solver::multigrid);
    const auto exact = fuse_gradients(night, day, weight, weight, Solver::exact_padded);
    REQUIRE(greatest_difference(published.unrounded, exact.unrounded) <= 0.5);
    REQUIRE(published.solver_error <= 0.5);
    REQUIRE(published.solver_error > 0);
  }
  REQUIRE(padded_side({320, 240}) == 512);
  REQUIRE(padded_side({254, 254}) == 256);
  REQUIRE(padded_side({255, 10}) == 512);
}

TEST_CASE("constant pictures: nothing to scale, the blend is taken") {
  const cv::Size size(40, 30);
  const cv::Mat day(size, CV_8UC3, cv::Scalar::all(200)), night(size, CV_8UC3, cv::Scalar::all(20));
  const auto fused = fuse_gradients(night, day, weights(size, 0.25), weights(size, 0.25), Solver::exact);
  REQUIRE(greatest_difference(fused.picture, cv::Mat(size, CV_8UC3, cv::Scalar::all(155))) == 0);
}

TEST_CASE("areas: black takes the day's gradients, white the night's, exactly") {
  const cv::Size size(60, 40);
  cv::Mat weight = weights(size, 0.3), areas(size, CV_8UC1, cv::Scalar(128));
  areas.colRange(0, 20).setTo(0);
  areas.colRange(40, 60).setTo(255);
  apply_areas(areas, weight);
  REQUIRE(cv::countNonZero(weight.colRange(0, 20)) == 0);
  REQUIRE(cv::countNonZero(weight.colRange(40, 60) != 1) == 0);
  REQUIRE(greatest_difference(weight.colRange(20, 40), weights({20, 40}, 0.3)) < 1e-6);
}

cv::Mat constant(cv::Size size, double level) { return cv::Mat(size, CV_32FC3, cv::Scalar::all(level)); }

TEST_CASE("SUSAN keeps a constant, moves an edge by less than a level, and takes an impulse out") {
  const cv::Size size(20, 16);
  std::vector<cv::Mat> volume(5, constant(size, 77));
  REQUIRE(greatest_difference(susan(volume, 2), volume[2]) < 1e-3);

  cv::Mat edge = constant(size, 50);
  edge.colRange(10, 20).setTo(cv::Scalar::all(150));
  const std::vector<cv::Mat> edges(5, edge);
  REQUIRE(greatest_difference(susan(edges, 2), edge) < 1);

  std::vector<cv::Mat> impulse(5);
  for (cv::Mat& frame : impulse) frame = constant(size, 20);
  impulse[2].at<cv::Vec3f>(8, 10) = cv::Vec3f::all(220);
  REQUIRE(susan(impulse, 2).at<cv::Vec3f>(8, 10) == cv::Vec3f::all(20));
}

TEST_CASE("SUSAN's stage: each frame comes out once, in order, two frames late or at the end") {
  for (const int count : {1, 2, 4, 9}) {
    SusanStage stage;
    std::vector<double> out;
    for (int i = 0; i < count; ++i) {
      if (const auto frame = stage.push(constant({8, 8}, 40.0 * i))) out.push_back(frame->at<cv::Vec3f>(4, 4)[0]);
      REQUIRE(int(out.size()) == std::max(0, i - 1));
    }
    while (const auto frame = stage.finish()) out.push_back(frame->at<cv::Vec3f>(4, 4)[0]);
    REQUIRE(int(out.size()) == count);
    for (int i = 0; i < count; ++i) REQUIRE(out[std::size_t(i)] == Approx(40.0 * i).margin(2));
  }
}

/// Importance of each frame of a clip in which a square of level 200 moves over 20.
std::vector<cv::Mat> square_clip(int side, int step, int frames) {
  SeedVideoSettings settings;
  settings.passes = 0;
  settings.smooth = false;
  SeedVideo video(settings);
  std::vector<cv::Mat> out;
  for (int i = 0; i < frames; ++i) {
    cv::Mat frame(40, 40 + step * frames, CV_8UC3, cv::Scalar::all(20));
    frame(cv::Rect(10 + step * i, 10, side, side)).setTo(cv::Scalar::all(200));
    if (auto due = video.push(frame)) out.push_back(due->importance);
  }
  while (auto due = video.finish()) out.push_back(due->importance);
  return out;
}

struct Crossing {
  int frames = 0;
  double greatest = 0;
};

/// At one pixel, over the whole clip.
Crossing crossing(const std::vector<cv::Mat>& clip, int x, int y) {
  Crossing out;
  for (const cv::Mat& weight : clip) {
    const double w = weight.at<float>(y, x);
    out.frames += w > 0;
    out.greatest = std::max(out.greatest, w);
  }
  return out;
}

TEST_CASE("masks in time: a square of its own width a frame, and a wide slow one") {
  const auto quick = square_clip(8, 8, 30);
  for (int column = 0; column < 8; ++column) {
    const Crossing seen = crossing(quick, 10 + 8 * 15 + column, 13);
    INFO("column " << column + 1);
    if (column >= 1 && column <= 5) {
      REQUIRE(seen.frames == 11);
      REQUIRE(seen.greatest == Approx(1.0 / 11));
    } else {
      REQUIRE(seen.frames == 12);
      REQUIRE(seen.greatest <= 2.0 / 11 + 1e-6);
    }
  }
  const auto slow = square_clip(20, 2, 60);
  for (int column = 0; column < 2; ++column) {
    const Crossing seen = crossing(slow, 10 + 2 * 30 + column, 20);
    REQUIRE(seen.frames >= 21);
    REQUIRE(seen.frames <= 22);
    REQUIRE(seen.greatest <= 3.0 / 11 + 1e-6);
  }
}

TEST_CASE("a frame comes out nine frames late, five without the denoiser, all of them in order") {
  for (const int passes : {2, 0}) {
    SeedVideoSettings settings;
    settings.passes = passes;
    SeedVideo video(settings);
    REQUIRE(video.look_ahead() == (passes == 2 ? 9 : 5));
    const cv::Mat still(24, 32, CV_8UC3, cv::Scalar::all(30));
    std::int64_t expected = 0;
    for (int i = 0; i < 20; ++i) {
      const auto due = video.push(still);
      REQUIRE(due.has_value() == (i >= video.look_ahead()));
      if (due) REQUIRE(due->number == expected++);
    }
    while (const auto due = video.finish()) REQUIRE(due->number == expected++);
    REQUIRE(expected == 20);
  }
}

TEST_CASE("what comes out does not depend on what comes later") {
  const auto importance_of_first = [](double later) {
    SeedVideo video;
    std::optional<SeedFrame> first;
    for (int i = 0; i < 12 && !first; ++i) {
      cv::Mat frame(24, 32, CV_8UC3, cv::Scalar::all(20));
      if (i == 4) frame(cv::Rect(8, 8, 8, 8)).setTo(cv::Scalar::all(200));
      if (i >= 10) frame.setTo(cv::Scalar::all(later));
      first = video.push(frame);
    }
    return first->importance;
  };
  REQUIRE(greatest_difference(importance_of_first(0), importance_of_first(255)) == 0);
}

}  // namespace
}  // namespace lynceus::context
