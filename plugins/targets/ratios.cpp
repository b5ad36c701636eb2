#include "plugins/targets/ratios.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lynceus::targets {
namespace {

constexpr int kReach = 20, kGrow = 3, kLeastPixels = 20;

double value_at(const cv::Mat& picture, int y, int x) {
  return picture.depth() == CV_8U ? picture.at<uchar>(y, x) : picture.at<std::uint16_t>(y, x);
}

cv::Rect pixels_of(const cv::Rect2d& box) {
  const cv::Point from(cvFloor(box.x), cvFloor(box.y));
  return {from.x, from.y, std::max(1, cvCeil(box.x + box.width) - from.x),
          std::max(1, cvCeil(box.y + box.height) - from.y)};
}

}  // namespace

double sigma_floor(const cv::Mat& picture) {
  if (picture.depth() == CV_8U) return 0.5;
  std::vector<std::uint16_t> values;
  for (int y = 0; y < picture.rows; y += 2) {
    const auto* row = picture.ptr<std::uint16_t>(y);
    for (int x = 0; x < picture.cols; x += 2) values.push_back(row[x]);
  }
  const auto at = [&](double share) {
    const auto place = values.begin() + std::ptrdiff_t(share * double(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return double(*place);
  };
  return std::max(1e-3, 0.5 * (at(0.999) - at(0.001)) / 255);
}

std::optional<Ratios> ratios_at(const cv::Mat& picture, const cv::Rect2d& box, double floor) {
  const cv::Rect all({0, 0}, picture.size()), own = pixels_of(box) & all;
  const cv::Point centre(cvFloor(box.x + box.width / 2), cvFloor(box.y + box.height / 2));
  const cv::Rect window = cv::Rect(centre.x - kReach, centre.y - kReach, 2 * kReach + 1, 2 * kReach + 1) & all;
  const cv::Rect guard(own.x - kGrow, own.y - kGrow, own.width + 2 * kGrow, own.height + 2 * kGrow);
  if (own.empty() || window.empty()) return std::nullopt;
  double sum = 0, squares = 0, count = 0, peak = 0;
  for (int y = window.y; y < window.br().y; ++y) {
    for (int x = window.x; x < window.br().x; ++x) {
      if (guard.contains(cv::Point(x, y))) continue;
      const double value = value_at(picture, y, x);
      sum += value, squares += value * value, count += 1;
    }
  }
  if (count < kLeastPixels) return std::nullopt;
  for (int y = own.y; y < own.br().y; ++y) {
    for (int x = own.x; x < own.br().x; ++x) peak = std::max(peak, value_at(picture, y, x));
  }
  Ratios out;
  const double mean = sum / count, sigma = std::sqrt(std::max(0.0, squares / count - mean * mean));
  out.on_floor = sigma <= floor;
  out.sigma = std::max(sigma, floor);
  out.snr_db = 20 * std::log10(std::max(peak, 1e-3) / out.sigma);
  out.scr = std::abs(peak - mean) / out.sigma;
  return out;
}

}  // namespace lynceus::targets
