// Where a residual picture stands out: its local maxima, a few of each part of the picture, the ones that stand out most
// from what is around them first. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::targets {

struct Peak {
  cv::Point at;
  float value = 0;
  float contrast = 0;  ///< (value − mean) / (σ + 1) of the surroundings less the guard window
};

/// Sums over blocks of 8×8 pixels, so that the surroundings of any point cost next to nothing.
class BlockSums {
 public:
  explicit BlockSums(const cv::Mat& picture);  ///< CV_8UC1
  /// Mean and σ of about 40×40 pixels around, without the 11×11 in the middle.
  void around(const cv::Mat& picture, cv::Point at, float& mean, float& sigma) const;
  /// CV_32F, one value a block: σ of the blocks around without the 3×3 in the middle.
  cv::Mat sigmas(cv::Size picture) const;

 private:
  cv::Mat sum_, square_;  // CV_32F
};

/// The residual as it stands out from its surroundings: less where much stands out nearby. Integer, never brighter.
cv::Mat calmed(const cv::Mat& residual, const cv::Mat& residual8);

/// `most` peaks of at least `least`; `residual` is CV_8UC1.
std::vector<Peak> find_peaks(const cv::Mat& residual, int least, std::size_t most);

}  // namespace lynceus::targets
