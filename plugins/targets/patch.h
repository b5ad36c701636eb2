// What a target looks like, and where the next picture looks like that: normalised correlation with a slowly renewed
// patch and a part of the first one, at three sizes around the last, to a part of a pixel. Works without any weights.
//
//   Patch patch(picture, box);
//   const Patch::Match match = patch.find(next, patch.centre(), 12);
//   if (match.likeness > 0.5) patch.accept(next, match);
//
// Pictures are CV_8UC1. Owner: a track. Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::targets {

class Patch {
 public:
  struct Match {
    double likeness = -1;  ///< −1 … 1
    cv::Point2d centre;    ///< pixels, a pixel's middle at .5
    double scale = 1;      ///< against the first box
  };

  Patch() = default;
  Patch(const cv::Mat& picture, const cv::Rect2d& box);

  /// `reach`: how far from `around` in pixels.
  Match find(const cv::Mat& picture, cv::Point2d around, double reach) const;
  /// Anywhere near, in sizes quite different from the last: after it was lost.
  Match find_again(const cv::Mat& picture, cv::Point2d around) const;
  /// `learn`: 0 keeps the patch as it is.
  void accept(const cv::Mat& picture, const Match& match, double learn);
  /// Elsewhere and of another size, the looks kept.
  void place(cv::Point2d centre, double scale);

  cv::Point2d centre() const { return centre_; }
  double scale() const { return scale_; }
  cv::Rect2d box() const;

 private:
  Match correlate(const cv::Mat& picture, const cv::Mat& patch, cv::Point2d around, int reach, double scale) const;

  cv::Size2d first_size_;
  cv::Size size_;          // of the patches
  cv::Mat first_, patch_;  // CV_32F
  cv::Mat wanted_;         // both, each of mean 0 and σ 1
  cv::Point2d centre_;
  double scale_ = 1;
};

}  // namespace lynceus::targets
