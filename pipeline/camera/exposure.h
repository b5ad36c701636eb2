// Tells a changed exposure (the whole picture brighter or darker) from things that changed.
//
// Fits frame ≈ gain × background + offset over a few hundred cells, robustly: up to about a third of them may show
// something else. Thread: reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace lynceus::camera {

struct Exposure {
  bool changed = false;  ///< enough to be compensated, and it explains most of the picture
  double gain = 1;
  double offset = 0;  ///< grey levels
  double shift = 0;   ///< what it does to a middle grey, grey levels
};

/// `cells` CV_8UC1, `mean` CV_16SC1 (grey levels × 128), `keep` 255 where cells count; all of one size.
/// `noise` = usual deviation of a cell, grey levels.
Exposure fit_exposure(const cv::Mat& cells, const cv::Mat& mean, const cv::Mat& keep, double noise);

}  // namespace lynceus::camera
