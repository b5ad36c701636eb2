// Temperatures of a frame: radiometric data where there are any, else the colours of its scale bar.
//
//   const Reading& reading = thermometer.look(frame, still);   // where temperatures come from, and what part is picture
//   if (reading.source != Source::none) thermometer.celsius(surface, celsius, known);
// Thread: bound to the analyzer.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "plugins/pipes/colour_scale.h"
#include "plugins/pipes/planck.h"
#include "plugins/pipes/registration.h"
#include "plugins/pipes/scale_check.h"
#include "plugins/pipes/scale_watch.h"
#include "plugins/pipes/settings.h"
#include "plugins/sdk/frame.h"

namespace lynceus::pipes {

enum class Source { none, radiometric, palette };

struct Reading {
  Source source = Source::none;
  std::string why;                  ///< none: what is missing
  std::optional<ScaleState> scale;  ///< where the picture has a bar
  cv::Rect usable;                  ///< the picture without scale and labels
};

class Thermometer {
 public:
  explicit Thermometer(const Settings& settings) : settings_(settings), watch_(settings.scale) {}

  const Reading& look(const sdk::Frame& frame, bool still);
  /// Of the whole picture: CV_32F, and 255 where it is a temperature.
  void celsius(const sdk::Frame& frame, const Surface& surface, cv::Mat& out, cv::Mat& known);
  /// Of the pixels of `part` that `mask` (of its size) names, as the seed reads them.
  void nearest(const sdk::Frame& frame, const cv::Rect& part, const cv::Mat& mask, cv::Mat& out);
  Source source() const { return reading_.source; }
  /// Mean RGB distance of the picture's colours from the bar's; nothing without one.
  std::optional<double> residual() const;
  /// Of the scale from what lies beneath the picture, whichever of them is the source; nothing where one is missing.
  std::optional<Disagreement> disagreement(const sdk::Frame& frame);

 private:
  void make(const sdk::Frame& frame, const Surface& surface);
  void beneath(const sdk::Frame& frame, const Surface& surface, cv::Mat& celsius, cv::Mat& known);
  void build_scale(const cv::Mat& bgr, const sdk::Radiometric* beneath);
  sdk::Radiometric raw_of(const sdk::Radiometric& given) const;
  void find_unit(const sdk::Frame& frame, const sdk::Radiometric& beneath, ScaleState& state);

  const Settings& settings_;
  ScaleWatch watch_;
  Reading reading_;
  std::unique_ptr<ColourScale> scale_;
  std::vector<cv::Vec3i> built_of_;
  cv::Mat made_, made_known_;  ///< of this frame, for `made_surface_`
  Surface made_surface_;
  bool measured_residual_ = false;
  std::optional<Turn> turn_;  ///< of the radiometric data, of this frame
};

}  // namespace lynceus::pipes
