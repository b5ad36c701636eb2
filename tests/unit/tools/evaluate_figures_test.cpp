// The figures of `evaluate context` on pictures for which they are known.
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/catch.h"
#include "tests/unit/context/pictures.h"
#include "tools/evaluate/context_figures.h"

namespace lynceus::tools {
namespace {

struct Scene {
  cv::Mat day = test::place({160, 120}, 3), night = test::by_night(day, 4), mask = cv::Mat::zeros(120, 160, CV_8UC1);
  Scene() {
    mask(cv::Rect(60, 40, 40, 40)).setTo(255);
    cv::RNG random(5);
    night(cv::Rect(60, 40, 40, 40)) = test::with_noise(night(cv::Rect(60, 40, 40, 40)), 20, random);
  }
  QualityFigures figures(const cv::Mat& result) const {
    QualityFigures figures;
    figures.add(Seen(result), Seen(night), Seen(day), Regions(mask));
    return figures;
  }
};

TEST_CASE("regions lie where the definitions put them") {
  const Scene scene;
  const Regions regions(scene.mask);
  REQUIRE(cv::countNonZero(regions.inside) == 38 * 38);
  REQUIRE(cv::countNonZero(regions.far) == 160 * 120 - 70 * 70);
  REQUIRE(cv::countNonZero(regions.ring) == 64 * 64 - 40 * 40);
  REQUIRE(cv::countNonZero(regions.border) == 56 * 56 - 24 * 24);
}

TEST_CASE("the day with the night's things in it: all is well but the rim") {
  const Scene scene;
  cv::Mat result = scene.day.clone();
  scene.night.copyTo(result, scene.mask);
  const QualityFigures figures = scene.figures(result);
  REQUIRE(figures.background.value() == Approx(1));
  REQUIRE(scene.figures(scene.night).foreground.value() == Approx(1));
  REQUIRE(figures.halo() > 3);
}

TEST_CASE("a result brighter than anything around is a halo of so many levels") {
  const cv::Mat flat(120, 160, CV_8UC3, cv::Scalar::all(100)), bright(120, 160, CV_8UC3, cv::Scalar::all(109));
  cv::Mat mask = cv::Mat::zeros(120, 160, CV_8UC1);
  mask(cv::Rect(60, 40, 40, 40)).setTo(255);
  QualityFigures figures;
  figures.add(Seen(bright), Seen(flat), Seen(flat), Regions(mask));
  REQUIRE(figures.halo() == Approx(9).margin(0.05));
}

TEST_CASE("flicker is the mean change away from both masks; figures of clips add up") {
  const Scene scene;
  const Regions regions(scene.mask);
  const Seen before(scene.night), after(scene.night + cv::Scalar::all(2));
  QualityFigures one, both;
  one.add_flicker(after.y, before.y, regions.far, regions.far);
  REQUIRE(one.flicker.value() == Approx(2).margin(0.1));
  both.add_flicker(before.y, before.y, regions.far, regions.far);
  both.add(one);
  REQUIRE(both.flicker.value() == Approx(1).margin(0.05));
  REQUIRE(std::isnan(QualityFigures().flicker.value()));
  REQUIRE(std::isnan(QualityFigures().foreground.value()));
}

}  // namespace
}  // namespace lynceus::tools
