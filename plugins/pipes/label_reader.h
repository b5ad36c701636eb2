// Reads the numbers at both ends of a scale bar, and the unit wherever the picture shows one. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "plugins/pipes/bar_finder.h"

namespace lynceus::pipes {

struct Label {
  double value = 0;
  double confidence = 0;  ///< 0..1: the least certain of its figures
  std::string text;
  cv::Rect box;
};

struct LabelReading {
  std::optional<Label> low, high;
  std::optional<bool> fahrenheit;  ///< nothing: the picture shows no unit
  cv::Rect unit_box;
  bool unit_beside = false;  ///< it is printed right behind a limit
};

LabelReading read_labels(const cv::Mat& bgr, const FoundBar& bar);

}  // namespace lynceus::pipes
