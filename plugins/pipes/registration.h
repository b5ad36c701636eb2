// Lays the temperatures of a radiometric picture over the coloured one. Cameras held upright turn the picture and leave
// the sensor's values lying; the turn in which both look alike is taken. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::pipes {

enum class Turn { none, clockwise, counter_clockwise };

/// `raw`: the sensor's values. `looks`: the picture as one number a pixel that rises with the temperature, or nearly.
Turn turn_of(const cv::Mat& raw, const cv::Mat& looks);

/// Turned and stretched to `size`; `known` stays 0 or 255.
void lay_over(cv::Mat& celsius, cv::Mat& known, Turn turn, cv::Size size);

}  // namespace lynceus::pipes
