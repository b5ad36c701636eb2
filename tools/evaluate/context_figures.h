// The figures of `evaluate context`, gathered frame by frame; docs/ref/evaluate.md defines each.
//
// Y is luminance smoothed by a Gaussian of 1.5 px, gradients are forward differences, all frames are pooled; "15 px from
// the mask" is by squares (31×31). Thread: bound to its owner.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace lynceus::tools {

/// Pearson's, of all that was added.
class Correlation {
 public:
  void add(double a, double b) { n_ += 1, a_ += a, b_ += b, aa_ += a * a, bb_ += b * b, ab_ += a * b; }
  void add(const Correlation& other);
  double value() const;  ///< NaN when nothing varies

 private:
  double n_ = 0, a_ = 0, b_ = 0, aa_ = 0, bb_ = 0, ab_ = 0;
};

/// Counts in steps of 1/32 level, 0 to 512.
class Levels {
 public:
  void add(double level);
  void add(const Levels& other);
  double percentile(double share) const;  ///< 0 when empty

 private:
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(512 * 32);
  std::uint64_t total_ = 0;
};

class Mean {
 public:
  void add(double sum, double count) { sum_ += sum, count_ += count; }
  void add(const Mean& other) { add(other.sum_, other.count_); }
  double value() const;  ///< NaN when empty

 private:
  double sum_ = 0, count_ = 0;
};

/// A picture's luminance as the figures see it, and what is derived of it once.
struct Seen {
  Seen() = default;
  explicit Seen(const cv::Mat& bgr);

  cv::Mat y, dx, dy, length;      ///< CV_32F
  cv::Mat least, greatest, edge;  ///< of y in 31×31; of length in 9×9
};

/// Where to look, of one mask.
struct Regions {
  explicit Regions(const cv::Mat& mask);
  cv::Mat inside, far, ring, border;  ///< eroded by 1; > 15 px away; 1 to 12 px outside; within 8 px of the border
};

/// Figures of one way to make the result; `far_before` is that of the frame before.
struct QualityFigures {
  Correlation foreground, background;
  Levels outside_range, over_gradient;
  Mean flicker;

  void add(const Seen& result, const Seen& night, const Seen& day, const Regions& regions);
  void add_flicker(const cv::Mat& y, const cv::Mat& y_before, const cv::Mat& far, const cv::Mat& far_before);
  void add(const QualityFigures& other);
  double halo() const;
};

}  // namespace lynceus::tools
