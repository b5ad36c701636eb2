// How far the whole picture has moved since the frame before: a camera that pans, clouds that drift. Small pictures are laid
// over one that is kept until the view has left it, so that errors do not add up: least squares on its gradients, after
// phase correlation where the way is long.
//
//   const cv::Point2d shift = camera.update(picture);    // 8UC1 or 16UC1
//   if (camera.moves()) …                                // what stands still before the background is background
//
// Owner: the analyzer. Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::targets {

class CameraShift {
 public:
  /// Pixels of the picture; 0 where nothing in it tells (an empty sky).
  cv::Point2d update(const cv::Mat& picture);
  /// More than a camera on a mast trembles, over the last frames.
  bool moves() const;
  void forget();

 private:
  struct Laid {
    cv::Point2d by;  // small pixels
    double likeness = -1;
  };
  void keep(const cv::Mat& small);
  Laid laid_over(const cv::Mat& small, cv::Point2d start) const;

  cv::Mat kept_, across_, down_, window_;  // CV_32F; gradients of the kept one
  cv::Matx22d solve_;                      // inverse of their products
  cv::Point2d since_kept_, last_;  // small pixels; of the last frame against the kept one, against the one before
  cv::Point2d travelled_;          // pixels, of the last frames, fading
  bool told_ = false;
  int blind_ = 0;
};

}  // namespace lynceus::targets
