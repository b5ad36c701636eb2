#include "plugins/targets/peaks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <opencv2/imgproc.hpp>

#include "plugins/targets/row_kernels.h"

namespace lynceus::targets {
namespace {

constexpr int kBlock = 8;
constexpr int kRing = 2;     // blocks to each side
constexpr int kGuard = 5;    // pixels to each side
constexpr double kCalm = 8;  // grey levels of σ around that halve what stands out
constexpr int kTile = 32;
constexpr std::size_t kPerTile = 3;
constexpr int kApart = 2;  // a peak is the greatest so far around

/// The greatest of 5×5, and 0 beyond the borders.
cv::Mat greatest_around(const cv::Mat& picture) {
  const int side = 2 * kApart + 1;
  cv::Mat padded = cv::Mat::zeros(picture.rows + 2 * kApart, picture.cols + 2 * kApart, CV_8UC1);
  picture.copyTo(padded(cv::Rect(kApart, kApart, picture.cols, picture.rows)));
  cv::Mat across(padded.rows, picture.cols, CV_8UC1), out(picture.size(), CV_8UC1);
  const auto& kernels = row_kernels<std::uint8_t>();
  std::array<const std::uint8_t*, 2 * kApart + 1> rows{};
  for (int y = 0; y < padded.rows; ++y) {
    for (int i = 0; i < side; ++i) rows[std::size_t(i)] = padded.ptr(y) + i;
    kernels.greatest(rows.data(), side, across.ptr(y), across.cols);
  }
  for (int y = 0; y < out.rows; ++y) {
    for (int i = 0; i < side; ++i) rows[std::size_t(i)] = across.ptr(y + i);
    kernels.greatest(rows.data(), side, out.ptr(y), out.cols);
  }
  return out;
}

/// The best of every tile, greatest first.
class Tiles {
 public:
  explicit Tiles(cv::Size size)
      : across_((size.width + kTile - 1) / kTile), best_(std::size_t(across_ * ((size.height + kTile - 1) / kTile))) {}

  void offer(cv::Point at, int value) {
    auto& best = best_[std::size_t(at.y / kTile * across_ + at.x / kTile)];
    if (best.size() == kPerTile && best.back().value >= float(value)) return;
    for (const Peak& peak : best) {  // of an even top the first point stands for all
      if (peak.value == float(value) && std::abs(peak.at.x - at.x) <= 2 * kApart &&
          std::abs(peak.at.y - at.y) <= 2 * kApart)
        return;
    }
    const auto place =
        std::find_if(best.begin(), best.end(), [&](const Peak& peak) { return peak.value < float(value); });
    best.insert(place, Peak{at, float(value), 0});
    if (best.size() > kPerTile) best.pop_back();
  }
  template <class Do>
  void each(const Do& does) const {
    for (const auto& best : best_) std::for_each(best.begin(), best.end(), does);
  }

 private:
  const int across_;
  std::vector<std::vector<Peak>> best_;
};

}  // namespace

BlockSums::BlockSums(const cv::Mat& picture)
    : sum_(cv::Mat::zeros((picture.rows + kBlock - 1) / kBlock, (picture.cols + kBlock - 1) / kBlock, CV_32F)),
      square_(sum_.clone()) {
  std::vector<std::uint32_t> sums(std::size_t(picture.cols)), squares(sums);
  for (int y = 0; y < picture.rows; ++y) {
    const uchar* row = picture.ptr(y);
    if (y % kBlock == 0) std::fill(sums.begin(), sums.end(), 0), std::fill(squares.begin(), squares.end(), 0);
    for (int x = 0; x < picture.cols; ++x) {
      const std::uint32_t value = row[x];
      sums[std::size_t(x)] += value;
      squares[std::size_t(x)] += value * value;
    }
    if (y % kBlock != kBlock - 1 && y != picture.rows - 1) continue;
    for (int x = 0; x < picture.cols; ++x) {
      sum_.at<float>(y / kBlock, x / kBlock) += float(sums[std::size_t(x)]);
      square_.at<float>(y / kBlock, x / kBlock) += float(squares[std::size_t(x)]);
    }
  }
}

void BlockSums::around(const cv::Mat& picture, cv::Point at, float& mean, float& sigma) const {
  const cv::Point block = at / kBlock;
  const cv::Rect blocks =
      cv::Rect(block.x - kRing, block.y - kRing, 2 * kRing + 1, 2 * kRing + 1) & cv::Rect({0, 0}, sum_.size());
  const cv::Rect all({0, 0}, picture.size());
  double sum = 0, square = 0;
  for (int y = blocks.y; y < blocks.br().y; ++y) {
    for (int x = blocks.x; x < blocks.br().x; ++x) sum += sum_.at<float>(y, x), square += square_.at<float>(y, x);
  }
  double count = (cv::Rect(blocks.tl() * kBlock, blocks.size() * kBlock) & all).area();
  const cv::Rect guard = cv::Rect(at.x - kGuard, at.y - kGuard, 2 * kGuard + 1, 2 * kGuard + 1) & all;
  std::uint32_t inside = 0, inside_square = 0;
  for (int y = guard.y; y < guard.br().y; ++y) {
    const uchar* row = picture.ptr(y) + guard.x;
    for (int x = 0; x < guard.width; ++x) inside += row[x], inside_square += std::uint32_t(row[x]) * row[x];
  }
  sum -= inside, square -= inside_square, count -= guard.area();
  count = std::max(count, 1.0);
  mean = float(sum / count);
  sigma = float(std::sqrt(std::max(0.0, square / count - sum / count * sum / count)));
}

cv::Mat BlockSums::sigmas(cv::Size picture) const {
  cv::Mat out = cv::Mat::zeros(sum_.size(), CV_32F);
  for (int y = 0; y < sum_.rows; ++y) {
    for (int x = 0; x < sum_.cols; ++x) {
      double sum = 0, square = 0, count = 0;
      for (int v = std::max(0, y - kRing); v <= std::min(sum_.rows - 1, y + kRing); ++v) {
        for (int u = std::max(0, x - kRing); u <= std::min(sum_.cols - 1, x + kRing); ++u) {
          if (std::abs(u - x) <= 1 && std::abs(v - y) <= 1) continue;
          sum += sum_.at<float>(v, u), square += square_.at<float>(v, u);
          count += std::min(kBlock, picture.width - u * kBlock) * std::min(kBlock, picture.height - v * kBlock);
        }
      }
      if (count > 0) out.at<float>(y, x) = float(std::sqrt(std::max(0.0, square / count - sum / count * sum / count)));
    }
  }
  return out;
}

cv::Mat calmed(const cv::Mat& residual, const cv::Mat& residual8) {
  if (residual.empty()) return residual;
  const cv::Mat sigma = BlockSums(residual8).sigmas(residual8.size());
  cv::Mat share, wide, out;
  cv::divide(kCalm * 255, sigma + kCalm, share);
  share.convertTo(share, CV_8U);
  cv::resize(share, wide, {sigma.cols * kBlock, sigma.rows * kBlock}, 0, 0, cv::INTER_LINEAR);
  cv::multiply(residual, wide(cv::Rect({0, 0}, residual.size())), out, 1 / 255.0, residual.depth());
  return out;
}

std::vector<Peak> find_peaks(const cv::Mat& residual, int least, std::size_t most) {
  const cv::Mat greatest = greatest_around(residual);
  Tiles tiles(residual.size());
  constexpr int kWord = sizeof(std::uint64_t);
  std::vector<uchar> is_peak(std::size_t(residual.cols + kWord));
  for (int y = 0; y < residual.rows; ++y) {
    const uchar *here = residual.ptr(y), *around = greatest.ptr(y);
    for (int x = 0; x < residual.cols; ++x)
      is_peak[std::size_t(x)] = uchar((here[x] == around[x]) & (here[x] >= least));
    for (int from = 0; from < residual.cols; from += kWord) {
      std::uint64_t any = 0;
      std::memcpy(&any, &is_peak[std::size_t(from)], kWord);
      if (any == 0) continue;
      for (int x = from; x < std::min(from + kWord, residual.cols); ++x) {
        if (is_peak[std::size_t(x)]) tiles.offer({x, y}, here[x]);
      }
    }
  }
  const BlockSums sums(residual);
  std::vector<Peak> peaks;
  tiles.each([&](const Peak& peak) {
    float mean = 0, sigma = 0;
    sums.around(residual, peak.at, mean, sigma);
    peaks.push_back({peak.at, peak.value, (peak.value - mean) / (sigma + 1)});
  });
  const auto better = [](const Peak& a, const Peak& b) { return a.contrast > b.contrast; };
  if (peaks.size() > most) {
    std::nth_element(peaks.begin(), peaks.begin() + std::ptrdiff_t(most), peaks.end(), better);
    peaks.resize(most);
  }
  std::sort(peaks.begin(), peaks.end(), better);
  return peaks;
}

}  // namespace lynceus::targets
