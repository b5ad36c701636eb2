// `lynceus evaluate targets` on the layouts it reads: a sequence as OTB has it, one with points, pictures with masks; the
// target given, and found.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/targets/sky.h"
#include "tools/command/progress.h"
#include "tools/evaluate/evaluator.h"
#include "tools/evaluate/targets_dataset.h"
#include "tools/evaluate/targets_figures.h"

namespace lynceus::tools {
namespace {

using test::add_point;
using test::smooth_sky;
using test::to_8bit;
using test::with_noise;

Json evaluate(const std::string& dataset, bool find = false, const std::vector<std::string>& sets = {}) {
  log::set_level(log::Level::warning);
  SetupRequest request;
  request.plugin = "targets";
  request.plugins_dir = LYNCEUS_PLUGINS;
  request.sets = sets;
  Progress progress(0);
  EvaluateRun run{request, std::nullopt, progress, find};
  return make_evaluator("targets")->evaluate(run, dataset);
}

cv::Mat sky_with(const std::vector<cv::Point2d>& points, std::uint64_t seed) {
  cv::Mat picture = smooth_sky({160, 120});
  for (const cv::Point2d& at : points) add_point(picture, at, 60, 1.2);
  return to_8bit(with_noise(picture, 2, seed));
}

cv::Point2d place(int i) { return {40 + 1.5 * i, 50 + 0.5 * i}; }

void write_pictures(const std::string& folder, int frames) {
  std::filesystem::create_directories(folder);
  for (int i = 0; i < frames; ++i) {
    char name[16];
    std::snprintf(name, sizeof name, "/%04d.png", i + 1);
    picture::write(folder + name, sky_with({place(i)}, std::uint64_t(i) + 1));
  }
}

/// Boxes of 9×9 around the middle of the target's pixel, counted from 1; the last frame has none.
std::string make_otb(const test::TempFolder& folder) {
  const std::string path = folder / "drone";
  write_pictures(path + "/img", 30);
  std::ofstream truth(path + "/groundtruth_rect.txt");
  for (int i = 0; i < 29; ++i) truth << place(i).x - 3 << ',' << place(i).y - 3 << ",9,9\n";
  truth << "\n";
  return path;
}

/// Two pictures with a target and one without.
std::string make_masks(const test::TempFolder& folder) {
  const std::string path = folder / "set";
  for (const char* part : {"/images", "/masks", "/backgrounds"}) std::filesystem::create_directories(path + part);
  for (const int i : {0, 1}) {
    const std::string name = "/p" + std::to_string(i);
    picture::write(path + "/images" + name + ".png", sky_with({place(20 * i)}, std::uint64_t(i) + 1));
    cv::Mat mask = cv::Mat::zeros(120, 160, CV_8UC1);
    mask(cv::Rect(int(place(20 * i).x) - 1, int(place(20 * i).y) - 1, 3, 3)).setTo(255);
    picture::write(path + "/masks" + name + "_pixels0.png", mask);
  }
  picture::write(path + "/backgrounds/b.png", sky_with({}, 9));
  return path;
}

}  // namespace

TEST_CASE("A sequence in OTB's layout: given and found") {
  const test::TempFolder folder;
  const std::string path = make_otb(folder);
  const Json given = evaluate(path);
  REQUIRE(given["frames"] == 30);
  REQUIRE(given["precision_5px"] == 1.0);
  REQUIRE(given["aor"].get<double>() > 0.75);
  REQUIRE(given["success_auc"].get<double>() > 0.7);
  REQUIRE(given["fps"].get<double>() > 0);
  REQUIRE(given["ms_p99"].get<double>() >= given["ms_p50"].get<double>());
  REQUIRE(given["snr_out_db"].get<double>() > given["snr_in_db"].get<double>() - 60);
  REQUIRE(given["scr_gain"].get<double>() > 1);
  const Json found = evaluate(path, true);
  REQUIRE(found["precision_5px"].get<double>() >= 0.95);
  REQUIRE(found["frames"] == 30);
}

TEST_CASE("A sequence of which points are given") {
  const test::TempFolder folder;
  const std::string path = folder / "points";
  write_pictures(path, 20);
  std::ofstream truth(path + "/centres_xy.txt");
  for (int i = 0; i < 20; ++i) truth << place(i).x + 1 << ',' << place(i).y + 1 << "\n";
  truth.close();
  const Json given = evaluate(path);
  REQUIRE(given["precision_5px"] == 1.0);
}

TEST_CASE("A target given in a wrong place is not precise") {
  const test::TempFolder folder;
  const std::string path = make_otb(folder);
  std::ofstream truth(path + "/groundtruth_rect.txt");
  for (int i = 0; i < 30; ++i) truth << 120 - 2 * i << ",20,9,9\n";
  truth.close();
  REQUIRE(evaluate(path)["precision_5px"].get<double>() < 0.3);
}

TEST_CASE("Pictures with masks") {
  const test::TempFolder folder;
  const Json figures = evaluate(make_masks(folder));
  REQUIRE(figures["frames"] == 3);
  const Json& found = figures["detection"];
  REQUIRE(found["pd"] == 1.0);
  REQUIRE(found["fa_per_mpx"] == 0.0);
  REQUIRE(found["pd_at_1e5"] == 1.0);
  REQUIRE(found["greatest_on_target"] == 1.0);
  REQUIRE(found["iou"].get<double>() > 0.2);
  REQUIRE(figures["aor"].is_null());
}

TEST_CASE("Folders that are neither, masks that are missing and lines that are no boxes are refused") {
  const test::TempFolder folder;
  std::filesystem::create_directories(folder / "empty");
  REQUIRE_THROWS_AS(evaluate(folder / "empty"), Error);
  REQUIRE_THROWS_AS(evaluate(folder / "absent"), Error);
  const std::string masks = make_masks(folder);
  std::filesystem::remove(masks + "/masks/p1_pixels0.png");
  REQUIRE_THROWS_AS(evaluate(masks), Error);
  bool point = false;
  for (const char* line : {"a,b,c,d", "1,2,3", "1,2,3,4,5"})
    REQUIRE_THROWS_AS(parse_truth_line(line, "truth:1", point), Error);
  for (const char* line : {"", "0,0", "5,5,0,4", "nan,1,2,3"}) REQUIRE_FALSE(parse_truth_line(line, "truth:1", point));
  REQUIRE_FALSE(point);
  REQUIRE(parse_truth_line("11\t21\t4\t6", "truth:1", point) == cv::Rect2d(10, 20, 4, 6));
  const auto around = parse_truth_line("11,21", "truth:1", point);
  REQUIRE(point);
  REQUIRE((around->tl() + around->br()) / 2 == cv::Point2d(10.5, 20.5));
}

TEST_CASE("Of a sequence, frames without an answer count as overlap 0 and as far away") {
  TrackFigures figures;
  const cv::Rect2d box(10, 10, 8, 8);
  figures.add_frame(box, box);
  figures.add_frame(box, std::nullopt);
  figures.add_frame(box, cv::Rect2d(14, 10, 8, 8));
  figures.add_frame(box, cv::Rect2d(40, 10, 8, 8));
  figures.end_sequence();
  const auto mean = figures.mean();
  REQUIRE(mean);
  REQUIRE(mean->aor == Approx((1 + 1.0 / 3) / 4));
  REQUIRE(mean->precision_5px == Approx(0.5));
  REQUIRE(mean->precision_20px == Approx(0.5));
}

}  // namespace lynceus::tools
