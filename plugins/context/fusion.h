// Puts the night picture's gradients, where it is important, into the day picture: the recommended profile's
// arithmetic.
//
// With D the day picture, M = N - D and W the importance, the result is D + v, where v minimises
//     |grad v - W grad M|² + screen |v - W M|² + temporal |v - v before|²
// in each window, exactly, with v = 0 around it. Outside the windows the result is D, bit by bit. The two weights are
// small: they act on what is wider than some hundred pixels, that is on colour shifts, and leave no ghosts. Outside the
// things themselves nothing may become brighter or darker than day and night are around it (envelope.h): no halo.
//
// Brightness is solved at full size; of the colour differences only what the solution changes beyond W M, at half size
// (`half_colour`): it is smooth. Thread: bound to its owner; works with OpenCV's threads.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "plugins/context/envelope.h"
#include "plugins/context/windows.h"
#include "plugins/context/workspace.h"

namespace lynceus::context {

struct FusionSettings {
  double screen = 1e-4, temporal = 1e-3;
  bool half_colour = true;
};

struct FusionFigures {
  double residual = 0;                 ///< |grad I - G| / |G| of the brightness, in the windows
  std::optional<double> solver_error;  ///< greatest difference to the solution in double, grey levels
};

/// What one frame is made of; all of the day picture's size.
struct FusionInput {
  cv::Mat night;       ///< 8UC3
  cv::Mat importance;  ///< 8UC1, 255 = 1
  /// 8UC1, both or none: how far the solution may spread (1 where something is important; empty: 1 everywhere), and the
  /// things themselves.
  cv::Mat influence, things;
  std::vector<Window> windows;
  bool verify = false;  ///< solve again in double
};

class Fusion {
 public:
  explicit Fusion(const FusionSettings& settings = {}) : settings_(settings) {}

  /// 8UC3. The past is forgotten.
  void set_day(const cv::Mat& bgr);
  const cv::Mat& day() const { return day_; }
  /// No past: the next frame is not held near the one before.
  void forget() { past_windows_.clear(); }

  /// The picture is the caller's; its memory is used again when nobody else holds it any more.
  cv::Mat fuse(const FusionInput& input);
  const FusionFigures& figures() const { return figures_; }

 private:
  struct Part;
  Part prepare(const FusionInput& input, const Window& window);
  void solve(Part& part, bool verify);
  void solve_plane(const Part& part, std::size_t i, bool verify);
  void compose_part(const FusionInput& input, const Part& part, cv::Mat& result) const;
  cv::Mat fresh_result(const std::vector<Window>& windows);
  void remember(const std::vector<Window>& windows);

  FusionSettings settings_;
  cv::Mat day_, day_luma_;  ///< 8UC3, 32FC1
  Envelope day_envelope_;
  std::array<cv::Mat, 3> past_;  ///< v of the frame before: brightness, B - Y, R - Y; 0 outside its windows
  std::array<cv::Mat, 3> now_;   ///< of this frame
  std::vector<Window> past_windows_;
  Workspace planes_;
  std::array<cv::Mat, 3> results_;  ///< given away in turn
  std::size_t turn_ = 0;
  FusionFigures figures_;
};

}  // namespace lynceus::context
