// One picture in, what may be a target out: filter, peaks, a score for each.
//
//   Detector detector(settings);
//   const Detected& seen = detector.look(frame.luma());     // 8UC1 or 16UC1
//
// Owner: the analyzer. Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "plugins/targets/features.h"
#include "plugins/targets/line_filter.h"

namespace lynceus::targets {

struct Detection {
  cv::Point peak;
  cv::Rect2d box;
  double logit = 0;
  Features features{};  ///< empty in profile seed

  cv::Point2d centre() const { return {box.x + box.width / 2, box.y + box.height / 2}; }
};

struct DetectorSettings {
  int directions = 8, length = 15;
  cv::Size opening{1, 1};
  bool smooth = true;     ///< a little, before the filter: a point is what the lens makes of it
  std::size_t most = 96;  ///< peaks that are looked at closely
};

/// Pictures stay valid until the next look.
struct Detected {
  cv::Mat residual;                   ///< U, of the picture's depth
  cv::Mat filtered;                   ///< M before it is calmed
  cv::Mat picture8, residual8;        ///< in grey levels: 16-bit pictures brought to 8
  double unit = 1;                    ///< of the picture's own steps, one grey level
  std::vector<Detection> detections;  ///< best first
};

class Detector {
 public:
  explicit Detector(const DetectorSettings& settings);

  /// Filter only: what init=[…] needs.
  const Detected& filter(const cv::Mat& picture);
  const Detected& look(const cv::Mat& picture);

  void set_opening(cv::Size rectangle) { settings_.opening = rectangle; }

 private:
  DetectorSettings settings_;
  LineFilter lines_;
  cv::Mat smooth_;
  Detected seen_;
};

}  // namespace lynceus::targets
