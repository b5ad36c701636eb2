// The 3-D SUSAN filter of the published method: each voxel becomes the mean of its neighbours in 3×3×5 (x, y, time), those
// of like brightness counting most. Frames go in one by one; each comes out two frames later, for finish() sooner.
// Thread: bound to its owner; works with OpenCV's threads.
#pragma once

#include <deque>
#include <opencv2/core.hpp>
#include <optional>
#include <span>

namespace lynceus::context {

struct SusanSettings {
  double sigma = 15;  ///< of the distance, voxels
  double t = 20;      ///< of the brightness, grey levels
};

/// The middle one of `volume` (32FC3 each, in order), filtered.
cv::Mat susan(std::span<const cv::Mat> volume, std::size_t middle, const SusanSettings& settings = {});

class SusanStage {
 public:
  explicit SusanStage(const SusanSettings& settings = {}) : settings_(settings) {}
  std::optional<cv::Mat> push(const cv::Mat& frame);
  /// What is left, one a call; nothing at the end.
  std::optional<cv::Mat> finish();

 private:
  std::optional<cv::Mat> next(bool at_end);

  SusanSettings settings_;
  std::deque<cv::Mat> frames_;  ///< at most five
  std::size_t middle_ = 0;      ///< the frame among them that is due
};

}  // namespace lynceus::context
