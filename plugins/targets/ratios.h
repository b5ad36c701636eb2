// How far a target stands out, as the published paper measures it and as is usual: signal to noise (13), signal to
// clutter, and how much the filter takes of the background. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

namespace lynceus::targets {

struct Ratios {
  double snr_db = 0;  ///< 20 log10(peak / σ), the background not subtracted
  double scr = 0;     ///< |peak − mean| / σ
  double sigma = 0;   ///< never below the floor
  bool on_floor = false;
};

/// The least σ that counts: half a grey level, or as much of a 16-bit picture's own range.
double sigma_floor(const cv::Mat& picture);

/// Over the 41×41 pixels around the box' middle, without the box grown by 3 px. Nothing where fewer than 20 are left.
std::optional<Ratios> ratios_at(const cv::Mat& picture, const cv::Rect2d& box, double floor);

}  // namespace lynceus::targets
