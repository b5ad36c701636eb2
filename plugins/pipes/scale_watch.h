// The scale of a camera's pictures over time: finds the bar, reads its labels, and keeps both while nothing changes.
//
// What is configured is never read. A reading that differs much from the ones before is refused and told, until it has
// come three times in a row: a figure misread once must not move the temperatures. Thread: bound to the analyzer.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "plugins/pipes/bar_finder.h"
#include "plugins/pipes/label_reader.h"
#include "plugins/pipes/settings.h"

namespace lynceus::pipes {

/// What is known of a picture's scale.
struct ScaleState {
  cv::Rect bar;  ///< empty: no bar
  bool horizontal = false;
  double low = 0, high = 0;  ///< in its own unit
  bool fahrenheit = false;
  bool limits_known = false;
  bool certain = false;      ///< limits and unit were given, or read without doubt
  bool unit_seen = false;    ///< given or read
  bool unit_beside = false;  ///< it is printed right behind a limit
  bool refused = false;      ///< the picture's last reading contradicts the ones before and is not believed
  std::string why;           ///< what is missing
  cv::Rect labels;           ///< around bar and labels

  double low_celsius() const { return fahrenheit ? (low - 32) / 1.8 : low; }
  double high_celsius() const { return fahrenheit ? (high - 32) / 1.8 : high; }
};

class ScaleWatch {
 public:
  explicit ScaleWatch(const ScaleOptions& options) : options_(options) {}

  /// `bgr` is the whole picture; `time_s` of its capture. `still`: it has no past.
  const ScaleState& look(const cv::Mat& bgr, double time_s, bool still);
  void reset();

 private:
  bool place_bar(const cv::Mat& bgr);
  bool wants_reading(const cv::Mat& bgr, double time_s);
  void read(const cv::Mat& bgr);
  void take(double low, double high, const LabelReading& reading);

  ScaleOptions options_;
  ScaleState state_;
  cv::Size size_;
  std::optional<FoundBar> found_;
  cv::Mat label_pixels_;  ///< of the last reading
  std::optional<double> last_read_s_;
  double pending_low_ = 0, pending_high_ = 0;
  int pending_ = 0;
  bool read_once_ = false;
};

}  // namespace lynceus::pipes
