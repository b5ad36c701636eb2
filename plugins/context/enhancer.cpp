#include "plugins/context/enhancer.h"

#include <algorithm>
#include <cstdint>

namespace lynceus::context {

void apply_areas(const cv::Mat& areas, cv::Mat& importance) {
  for (int y = 0; y < importance.rows; ++y) {
    const auto* area = areas.ptr(y);
    auto* w = importance.ptr<float>(y);
    for (int x = 0; x < importance.cols; ++x) {
      const int side = area[x] - 128;  // towards day or night
      w[x] = side < 0 ? w[x] * float(128 + side) / 128 : w[x] + (1 - w[x]) * float(side) / 127;
    }
  }
}

void apply_areas_to_bytes(const cv::Mat& areas, cv::Mat& importance) {
  for (int y = 0; y < importance.rows; ++y) {
    const auto* area = areas.ptr(y);
    auto* w = importance.ptr(y);
    for (int x = 0; x < importance.cols; ++x) {
      const int towards_day = std::max(128 - area[x], 0), towards_night = std::max(area[x] - 128, 0);
      const int kept = w[x] * (128 - towards_day) / 128;
      w[x] = static_cast<std::uint8_t>(kept + (255 - kept) * towards_night / 127);
    }
  }
}

cv::Mat to_bytes(const cv::Mat& importance) {
  cv::Mat out;
  importance.convertTo(out, CV_8U, 255);
  return out;
}

cv::Mat from_bytes(const cv::Mat& importance) {
  cv::Mat out;
  importance.convertTo(out, CV_32F, 1.0 / 255);
  return out;
}

}  // namespace lynceus::context
