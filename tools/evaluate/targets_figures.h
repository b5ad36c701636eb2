// The figures of `evaluate targets`: overlap and precision of one target over a sequence, detection on masks, signal to
// noise before and after the filter. docs/ref/evaluate.md defines each. Thread: reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace lynceus::tools {

double overlap(const cv::Rect2d& a, const cv::Rect2d& b);

/// Of one sequence, and of several: each sequence weighs the same.
class TrackFigures {
 public:
  /// A frame with one truth box; nothing: no box was given, or the target was lost.
  void add_frame(const cv::Rect2d& truth, const std::optional<cv::Rect2d>& box);
  void end_sequence();

  struct Values {
    double aor = 0, precision_5px = 0, precision_20px = 0, precision_norm = 0, success_auc = 0;
  };
  std::optional<Values> mean() const;
  void add(const TrackFigures& other);

 private:
  Values sum_;  // of the sequence that runs
  std::int64_t frames_ = 0;
  std::vector<Values> sequences_;
};

/// Signal to noise of (13) and what goes with it; medians.
struct RatioFigures {
  std::vector<double> in_db, out_db, scr_gain, bsf;
  int on_floor = 0;
  void add(const RatioFigures& other);
};

struct Hit {
  cv::Rect2d box;
  double score = 0;
};

/// Targets found in pictures with masks.
class MaskFigures {
 public:
  /// `mask` 8UC1, empty: no target; `response` 16UC1 of the same size.
  void add_picture(cv::Size size, const cv::Mat& mask, const std::vector<Hit>& listed, const cv::Mat& response,
                   const cv::Mat& filtered);
  void add(const MaskFigures& other);

  int parts() const { return parts_; }
  double pd() const { return parts_ > 0 ? double(found_) / parts_ : 0; }
  double fa_per_mpx() const { return pixels_ > 0 ? 1e6 * double(false_) / double(pixels_) : 0; }
  double iou() const { return found_ > 0 ? overlap_ / found_ : 0; }
  /// Parts whose greatest response exceeds the threshold that lets `share` of the target-free pixels through.
  double pd_at(double share) const;
  /// Pictures with a target in which the greatest filtered value lies on one.
  double greatest_on_target() const { return with_target_ > 0 ? double(greatest_hits_) / with_target_ : 0; }

 private:
  void score_list(const cv::Mat& parts, int count, const std::vector<Hit>& listed);

  int parts_ = 0, found_ = 0, with_target_ = 0, greatest_hits_ = 0;
  std::int64_t false_ = 0, pixels_ = 0, free_pixels_ = 0;
  double overlap_ = 0;
  std::vector<std::int64_t> free_histogram_ = std::vector<std::int64_t>(65536);
  std::vector<int> peaks_;  // of each part
};

}  // namespace lynceus::tools
