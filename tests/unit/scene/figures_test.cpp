// The figures of `evaluate scene`: golden matrices, and a plain count of everything, pixel by pixel.
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "tests/support/catch.h"
#include "tools/evaluate/scene_figures.h"

namespace lynceus {
namespace {

using tools::LabelConfusion;

LabelConfusion matrix(const int (&counts)[3][3]) {
  LabelConfusion c(3);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) c.add(i, j, counts[i][j]);
  }
  return c;
}

/// Blobs of classes, some ignored.
cv::Mat random_labels(cv::Size size, int classes, bool ignored, std::uint64_t seed) {
  cv::RNG random(seed);
  cv::Mat out(size, CV_8U, cv::Scalar(0));
  for (int i = 0; i < 14; ++i) {
    const cv::Rect box(random.uniform(0, size.width), random.uniform(0, size.height), random.uniform(1, 14),
                       random.uniform(1, 14));
    out(box & cv::Rect({}, size)).setTo(random.uniform(0, classes));
  }
  if (ignored) out(cv::Rect(random.uniform(0, size.width - 6), random.uniform(0, size.height - 5), 6, 5)).setTo(255);
  return out;
}

struct Point {
  int x, y;
};

std::vector<Point> plain_border(const cv::Mat& labels, const cv::Mat& truth, int of) {
  std::vector<Point> out;
  const auto label = [&](int y, int x) { return int(labels.at<uchar>(y, x)); };
  for (int y = 0; y < labels.rows; ++y) {
    for (int x = 0; x < labels.cols; ++x) {
      if (label(y, x) != of) continue;
      const bool border = (x > 0 && label(y, x - 1) != of) || (x + 1 < labels.cols && label(y, x + 1) != of) ||
                          (y > 0 && label(y - 1, x) != of) || (y + 1 < labels.rows && label(y + 1, x) != of);
      bool near_ignored = false;
      for (int v = 0; v < truth.rows; ++v) {
        for (int u = 0; u < truth.cols; ++u) {
          near_ignored |= truth.at<uchar>(v, u) == 255 && std::hypot(u - x, v - y) <= 2;
        }
      }
      if (border && !near_ignored) out.push_back({x, y});
    }
  }
  return out;
}

double plain_share(const std::vector<Point>& of, const std::vector<Point>& near) {
  int n = 0;
  for (const Point& p : of) {
    bool found = false;
    for (const Point& q : near) found |= std::hypot(p.x - q.x, p.y - q.y) <= 2;
    n += found;
  }
  return of.empty() ? 0 : double(n) / double(of.size());
}

std::optional<double> plain_f1(const cv::Mat& truth, const cv::Mat& labels, int classes) {
  double sum = 0;
  int n = 0;
  for (int i = 0; i < classes; ++i) {
    const auto theirs = plain_border(truth, truth, i), ours = plain_border(labels, truth, i);
    if (theirs.empty() && ours.empty()) continue;
    ++n;
    const double p = plain_share(ours, theirs), r = plain_share(theirs, ours);
    if (p + r > 0) sum += 2 * p * r / (p + r);
  }
  return n ? std::optional(sum / n) : std::nullopt;
}

}  // namespace

TEST_CASE("golden matrices") {
  const LabelConfusion one = matrix({{3, 1, 0}, {1, 4, 1}, {0, 2, 8}});
  REQUIRE(std::abs(one.pixel_acc() - 0.750000) < 5e-7);
  REQUIRE(std::abs(one.mean_acc() - 0.738889) < 5e-7);
  REQUIRE(std::abs(one.mean_iu() - 0.590572) < 5e-7);
  REQUIRE(std::abs(one.fw_iu() - 0.616970) < 5e-7);
  const LabelConfusion other = matrix({{5, 1, 0}, {2, 5, 1}, {0, 0, 0}});  // a class that is only labelled
  REQUIRE(std::abs(other.pixel_acc() - 0.714286) < 5e-7);
  REQUIRE(std::abs(other.mean_acc() - 0.729167) < 5e-7);
  REQUIRE(std::abs(other.mean_iu() - 0.393519) < 5e-7);
  REQUIRE(std::abs(other.fw_iu() - 0.585317) < 5e-7);
  REQUIRE_FALSE(other.accuracy(2));
  REQUIRE(*other.iu(2) == 0);
}

TEST_CASE("pictures are counted pixel by pixel, the ignored left out; sums of pictures are one matrix") {
  LabelConfusion all(4), both(4);
  std::int64_t counts[4][4] = {};
  for (std::uint64_t seed = 1; seed < 5; ++seed) {
    const cv::Mat truth = random_labels({37, 29}, 4, true, seed),
                  labels = random_labels({37, 29}, 4, false, seed + 100);
    all.add(truth, labels);
    LabelConfusion alone(4);
    alone.add(truth, labels);
    both.add(alone);
    for (int i = 0; i < int(truth.total()); ++i) {
      if (truth.data[i] != 255) ++counts[truth.data[i]][labels.data[i]];
    }
  }
  double right = 0, sum = 0, iu = 0;
  for (int i = 0; i < 4; ++i) {
    double row = 0, column = 0;
    for (int j = 0; j < 4; ++j) row += double(counts[i][j]), column += double(counts[j][i]);
    right += double(counts[i][i]);
    sum += row;
    iu += double(counts[i][i]) / (row + column - double(counts[i][i])) / 4;
    REQUIRE(all.pixels(i) == std::int64_t(row));
  }
  REQUIRE(all.pixel_acc() == Approx(right / sum));
  REQUIRE(all.mean_iu() == Approx(iu));
  REQUIRE(both.fw_iu() == all.fw_iu());
}

TEST_CASE("borders agree within two pixels, as counted one by one") {
  for (std::uint64_t seed = 1; seed < 25; ++seed) {
    const cv::Mat truth = random_labels({31, 27}, 5, seed % 3 != 0, seed);
    cv::Mat labels = random_labels({31, 27}, 5, false, seed % 2 ? seed : seed + 50);
    const auto ours = tools::boundary_f1(truth, labels, 5), plain = plain_f1(truth, labels, 5);
    REQUIRE(ours.has_value() == plain.has_value());
    REQUIRE(std::abs(*ours - *plain) < 1e-12);
  }
  const cv::Mat flat(20, 20, CV_8U, cv::Scalar(1));
  REQUIRE_FALSE(tools::boundary_f1(flat, flat, 4));
  cv::Mat half = flat.clone();
  half.colRange(10, 20).setTo(2);
  REQUIRE(*tools::boundary_f1(half, half, 4) == 1);
  REQUIRE(*tools::boundary_f1(half, flat, 4) == 0);
}

}  // namespace lynceus
