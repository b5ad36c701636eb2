// Guards against a camera that was moved: by night's edges against the day picture's, and against those of the night
// before the move. Little shifts are mended in the day picture, larger ones end the enhancement until the view is back.
// Thread: bound to its owner.
#pragma once

#include <chrono>
#include <opencv2/core.hpp>
#include <optional>

namespace lynceus::context {

struct AlignmentSettings {
  double mended_px = 3;     ///< up to this the day picture is moved; 0: never
  double tolerated_px = 1;  ///< with nothing mended: beyond it the view is another one
};

class Alignment {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit Alignment(const AlignmentSettings& settings = {}) : settings_(settings) {}

  /// A minute has passed, the picture changed much (`shrunk` against the last one), or the view is another one.
  bool due(const cv::Mat& shrunk, Time now);
  /// `day` as it was given, `night` of the same size. True when `misaligned` or `shift` changed.
  bool check(const cv::Mat& day, const cv::Mat& night);

  bool misaligned() const { return misaligned_; }
  cv::Point2d shift_px() const { return shift_; }  ///< of the day picture, to lie over the night's

 private:
  std::optional<cv::Point2d> moved_since(const cv::Mat& day, const cv::Mat& night) const;

  AlignmentSettings settings_;
  cv::Mat shrunk_, anchor_;  ///< the last small picture; the night picture when all was well
  std::optional<Time> checked_;
  cv::Point2d shift_;
  bool misaligned_ = false;
};

}  // namespace lynceus::context
