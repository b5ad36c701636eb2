// What must follow from the patent's rules, case by case.
#include <cmath>

#include "plugins/pipes/seed.h"
#include "plugins/pipes/shapes.h"
#include "tests/support/catch.h"
#include "tests/unit/pipes/seed_picture.h"

using namespace lynceus;
using pipes::Kind;
using test::SeedPicture;

namespace {

bool anomaly_at(double hot_share) {
  // A two-level pipe of 100 × 1000 pixels without the picture around it.
  cv::Mat pipe(100, 1000, CV_8U, cv::Scalar(255)), celsius(100, 1000, CV_32F, cv::Scalar(30));
  celsius.reshape(1, 1).colRange(0, static_cast<int>(std::lround(hot_share * 100'000))).setTo(60);
  return pipes::seed::judge_temperature(pipe, celsius, {}).abnormal;
}

/// A pipe whose width falls by `first` pixels per 60 columns in its first half and by `second` in the other.
SeedPicture taper(double first, double second) {
  SeedPicture picture(400, 240);
  for (int x = 0; x < 400; ++x) {
    const double column = x + 1;
    const double width = 160 - std::min(column, 200.0) * first / 60 - std::max(0.0, column - 200) * second / 60;
    const int top = cvRound(120 - width / 2), height = cvRound(width);
    picture.rect({x, top, 1, height}, 144);
  }
  picture.rect({180, 110, 60, 20}, 250);  // some 3 % of it are hot
  return picture;
}

}  // namespace

TEST_CASE("an opening with an even square leaves a rectangle where it is") {
  cv::Mat mask = cv::Mat::zeros(120, 160, CV_8U);
  mask(cv::Rect(50, 40, 35, 30)).setTo(255);
  const cv::Mat opened = pipes::open_square(mask, 20);
  REQUIRE(cv::countNonZero(opened != mask) == 0);
}

TEST_CASE("opening and closing keep what touches the border") {
  cv::Mat mask = cv::Mat::zeros(100, 100, CV_8U);
  mask(cv::Rect(0, 30, 100, 40)).setTo(255);
  REQUIRE(cv::countNonZero(pipes::open_square(mask, 20) != mask) == 0);
  REQUIRE(cv::countNonZero(pipes::close_square(mask, 15) != mask) == 0);
}

TEST_CASE("pepper holes are filled and the pipe stays where it is") {
  SeedPicture picture(320, 240);
  picture.rect({0, 80, 320, 80}, 180);
  for (int x = 20; x < 300; x += 40) picture.rect({x, 110, 12, 12}, 20);
  const cv::Mat mask = picture.mask();
  cv::Mat expected = cv::Mat::zeros(240, 320, CV_8U);
  expected(cv::Rect(0, 80, 320, 80)).setTo(255);
  REQUIRE(cv::countNonZero(mask != expected) == 0);
}

TEST_CASE("of equally large components the first in raster order is the pipe") {
  cv::Mat mask = cv::Mat::zeros(100, 100, CV_8U);
  mask(cv::Rect(60, 11, 20, 20)).setTo(255);
  mask(cv::Rect(10, 10, 20, 20)).setTo(255);
  REQUIRE(pipes::largest_component(mask).box.x == 10);
  mask.at<uchar>(9, 90) = 0;
  REQUIRE(pipes::largest_component(mask).area == 400);
}

TEST_CASE("noise alone is no anomaly, a hot share between 0.092 and 10 percent is") {
  cv::Mat pipe(200, 300, CV_8U, cv::Scalar(255)), celsius(200, 300, CV_32F);
  cv::RNG random(3);
  random.fill(celsius, cv::RNG::NORMAL, 35, 0.5);
  REQUIRE_FALSE(pipes::seed::judge_temperature(pipe, celsius, {}).abnormal);
  REQUIRE_FALSE(anomaly_at(0.0005));
  REQUIRE(anomaly_at(0.01));
  REQUIRE(anomaly_at(0.09));
  REQUIRE_FALSE(anomaly_at(0.11));
}

TEST_CASE("a short bare section has fallen off, a long one escapes the patent's rule") {
  const auto found = test::bare_pipe(30).diagnosis();
  REQUIRE(found.kind == Kind::missing);
  REQUIRE(found.diameter->at_max < found.diameter->at_min);
  REQUIRE(found.diameter->d_max == 40);
  REQUIRE(found.diameter->d_min == -40);
  REQUIRE(test::bare_pipe(100).diagnosis().kind != Kind::missing);
}

TEST_CASE("a pipe that gets wider and then narrower has not lost its insulation") {
  SeedPicture picture(400, 260);
  picture.rect({0, 100, 400, 60}, 144).rect({150, 80, 100, 100}, 144).rect({180, 120, 30, 30}, 250);
  REQUIRE(picture.diagnosis().kind == Kind::damaged);
}

TEST_CASE("tapers: with the guard damaged, without it the uneven one is taken for fallen off") {
  REQUIRE(taper(17.5, 12.5).diagnosis().kind == Kind::damaged);
  pipes::seed::Params unguarded;
  unguarded.guard = false;
  REQUIRE(taper(17.5, 12.5).diagnosis(unguarded).kind == Kind::missing);
  REQUIRE(taper(17, 17).diagnosis().kind == Kind::damaged);
}

TEST_CASE("a vertical pipe gives the transposed answer") {
  const auto level = test::bare_pipe(30).diagnosis();
  const auto upright = test::bare_pipe(30).transpose().diagnosis();
  REQUIRE(upright.kind == level.kind);
  REQUIRE(upright.diameter->vertical);
  REQUIRE_FALSE(level.diameter->vertical);
  REQUIRE(upright.diameter->at_max == level.diameter->at_max);
  REQUIRE(upright.diameter->at_min == level.diameter->at_min);
  REQUIRE(upright.area_px == level.area_px);
}

TEST_CASE("a crop narrower than the step has no diameter to judge") {
  SeedPicture picture(60, 240);
  picture.rect({0, 80, 60, 80}, 144).rect({20, 110, 12, 12}, 250);
  const auto found = picture.diagnosis();
  REQUIRE(found.kind == Kind::damaged);
  REQUIRE_FALSE(found.diameter->abnormal);
}

TEST_CASE("a warm closed patch is damage that its contour tells") {
  SeedPicture picture(400, 240);
  picture.rect({0, 80, 400, 80}, 144).rect({150, 100, 120, 40}, 211).noise(1);
  const auto found = picture.diagnosis();
  REQUIRE_FALSE(found.temperature->abnormal);
  REQUIRE(found.kind == Kind::damaged);
  REQUIRE(found.defects->parts.size() >= 1);
  REQUIRE(found.defects->area_px > 2000);
}

TEST_CASE("the same patch in the pipe's own blue cannot be seen") {
  SeedPicture picture(400, 240);
  picture.rect({0, 80, 400, 80}, 144).rect({150, 100, 120, 40}, 211);
  SeedPicture blue(400, 240);
  blue.rect({0, 80, 400, 80}, 144);
  const auto found = pipes::seed::diagnose(picture.mask(), blue.level, picture.celsius(), {});
  REQUIRE(found.kind == Kind::normal);
}

TEST_CASE("a break that is bridged leaves no area, unless the patent's own subtraction is asked for") {
  cv::Mat k = cv::Mat::zeros(60, 120, CV_8U);
  k(cv::Rect(20, 30, 30, 1)).setTo(255);
  k(cv::Rect(52, 30, 30, 1)).setTo(255);  // two pixels are missing
  REQUIRE(cv::countNonZero(pipes::seed::closed_regions(k, {})) == 0);
  pipes::seed::Params strict;
  strict.subtract_k = true;
  REQUIRE(cv::countNonZero(pipes::seed::closed_regions(k, strict)) == 2);
}

TEST_CASE("nothing to tell apart is no pipe") {
  REQUIRE(SeedPicture(200, 200, 90).mask().empty());
  REQUIRE(SeedPicture(1, 1, 90).mask().empty());
  SeedPicture speck(400, 400);
  speck.rect({10, 10, 30, 30}, 200);  // less than 1 %
  REQUIRE(speck.mask().empty());
  REQUIRE(speck.diagnosis().kind == Kind::no_pipe);
}

TEST_CASE("a pipe thinner than the opening is none to the patent") {
  SeedPicture thin(400, 240);
  thin.rect({0, 100, 400, 18}, 200);
  REQUIRE(thin.diagnosis().kind == Kind::no_pipe);
}

TEST_CASE("pixels of zero degrees are background only when asked") {
  cv::Mat pipe(10, 10, CV_8U, cv::Scalar(255)), celsius(10, 10, CV_32F, cv::Scalar(20));
  celsius(cv::Rect(0, 0, 5, 10)).setTo(0);
  REQUIRE(pipes::seed::judge_temperature(pipe, celsius, {}).mean == Approx(10));
  pipes::seed::Params strict;
  strict.zero_is_background = true;
  REQUIRE(pipes::seed::judge_temperature(pipe, celsius, strict).mean == Approx(20));
}
