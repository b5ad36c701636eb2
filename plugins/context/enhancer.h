// One way to see the day's scene in the night picture. Owner: the analyzer. Thread: bound to the analyzer.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>

#include "plugins/sdk/input.h"

namespace lynceus::context {

/// What is given for one frame. All pictures are 8UC3 and of the day picture's size.
struct NightFrame {
  const cv::Mat& night;
  const cv::Mat& areas;  ///< 8UC1: 0 day, 255 night, 128 automatic; empty: automatic everywhere
  sdk::Light light = sdk::Light::night;
  bool discontinuity = false;
  bool wanted = true;  ///< else nothing but learning
  bool verify = false;
};

struct Enhanced {
  cv::Mat picture;     ///< 8UC3; empty: none yet
  cv::Mat importance;  ///< 8UC1, 255 = 1
  double importance_mean = 0;
  double residual = 0;
  std::optional<double> solver_error;
  int frames_back = 0;  ///< the picture is that of so many frames ago
  bool light_changed = false;
};

class Enhancer {
 public:
  virtual ~Enhancer() = default;
  virtual Enhanced enhance(const NightFrame& frame) = 0;
};

/// Applied to the finished importance, 32FC1: 0 takes the day, 255 the night, 128 leaves it as it is, between them a
/// mixture.
void apply_areas(const cv::Mat& areas, cv::Mat& importance);
/// The same of 8UC1, 255 = 1.
void apply_areas_to_bytes(const cv::Mat& areas, cv::Mat& importance);
/// 8UC1, 255 = 1, and back.
cv::Mat to_bytes(const cv::Mat& importance);
cv::Mat from_bytes(const cv::Mat& importance);

}  // namespace lynceus::context
