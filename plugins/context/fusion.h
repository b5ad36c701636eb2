// Puts the night picture's gradients, where it is important, into the day picture: the recommended profile's arithmetic.
//
// With D the day picture, M = N - D and W the importance, the result is D + v, where v minimises
//     |grad v - W grad M|² + screen |v - W M|² + temporal |v - v before|²
// in each window, exactly, with v = 0 around it. Outside the windows the result is D, bit by bit. The two weights are
// small: they act on what is wider than some hundred pixels, that is on colour shifts, and leave no ghosts.
//
// Brightness is solved at full size; of the colour differences only what the solution changes beyond W M, at half size
// (`half_colour`): it is smooth. Thread: bound to its owner; works with OpenCV's threads.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "plugins/context/windows.h"

namespace lynceus::context {

struct FusionSettings {
  double screen = 1e-4, temporal = 1e-3;
  bool half_colour = true;
};

struct FusionFigures {
  double residual = 0;                 ///< |grad I - G| / |G| of the brightness, in the windows
  std::optional<double> solver_error;  ///< greatest difference to the solution in double, grey levels
};

class Fusion {
 public:
  explicit Fusion(const FusionSettings& settings = {}) : settings_(settings) {}

  /// 8UC3. The past is forgotten.
  void set_day(const cv::Mat& bgr);
  const cv::Mat& day() const { return day_; }
  /// No past: the next frame is not held near the one before.
  void forget() { past_windows_.clear(); }

  /// `night` 8UC3 and `importance` 8UC1 (255 = 1) have the day picture's size. `verify`: solve again in double.
  /// `influence` 8UC1 (empty: 1 everywhere): how far the solution may spread; it must be 1 where something is important.
  cv::Mat fuse(const cv::Mat& night, const cv::Mat& importance, const cv::Mat& influence, const std::vector<Window>& windows,
               bool verify = false);
  const FusionFigures& figures() const { return figures_; }

 private:
  struct Part;
  void solve(Part& part, bool verify);
  void confine(Part& part) const;
  void compose(const Part& part, cv::Mat& result) const;
  void add_residual(const Part& part, double& off, double& all) const;
  void remember(const std::vector<Window>& windows);

  FusionSettings settings_;
  cv::Mat day_, day_luma_;         ///< 8UC3, 32FC1
  std::array<cv::Mat, 3> past_;    ///< v of the frame before: brightness, B - Y, R - Y; 0 outside its windows
  std::array<cv::Mat, 3> now_;     ///< of this frame
  std::vector<Window> past_windows_;
  FusionFigures figures_;
};

}  // namespace lynceus::context
