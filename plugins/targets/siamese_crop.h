// What the network sees: 127×127 samples of the picture and of the residual around a target, in scales that its first box
// sets. The picture's part is so wide that the target, whatever its size, takes the same place in it.
//
//   const SiameseView view{seen.picture8, seen.residual8};
//   const SiameseScales scales(view, box);
//   const cv::Mat tensor = siamese_crop(view, box, scales);      // 1×2×127×127, CV_32F
//
// Boxes are pixels of the picture. models/training/targets/siam/crops.py does the same for training. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::targets {

constexpr int kCropSide = 127;      // samples; each stands for two pixels of the published crop, 255 wide
constexpr int kTemplateSide = 127;  // published pixels that crop_side() pixels of the picture become

struct SiameseView {
  const cv::Mat& picture8;  ///< CV_8UC1
  const cv::Mat& residual8;
};

/// Side of the square that a target and its surroundings take, s of the published method.
double context_side(cv::Size2d target);
/// s_z: never so small that a target of a few pixels would be blown up to nothing but blur.
double crop_side(cv::Size2d target);

/// What is white: kept for the track, so that a target that fades is seen to fade.
struct SiameseScales {
  SiameseScales() = default;
  SiameseScales(const SiameseView& view, const cv::Rect2d& box);
  float picture = 8, residual = 1;
};

cv::Mat siamese_crop(const SiameseView& view, const cv::Rect2d& around, const SiameseScales& scales);

}  // namespace lynceus::targets
