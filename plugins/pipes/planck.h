// Raw values of a radiometric frame to Celsius: by gain and offset, or by the Planck constants of the camera with
// emissivity, reflected temperature, air and window between. Thread: reentrant.
//
// With S the raw value and raw(T) = R1 / (R2 (exp(B/T) − F)) − O:
//   S = τ_air τ_window ε raw(T) + reflections and emissions of object, air and window
// solved for T. The sign of O is the one FLIR's own files use: raw(T) = … − O, with O negative.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "plugins/sdk/frame.h"

namespace lynceus::pipes {

/// What a zone says of its surface; nothing: as the camera has it.
struct Surface {
  std::optional<double> emissivity, reflected_celsius;
};

double celsius_of(const sdk::Radiometric& radiometric, const Surface& surface, double raw);

/// The whole frame; CV_32F of raw's size. `known` is 0 where a value stands for no temperature.
void to_celsius(const sdk::Radiometric& radiometric, const Surface& surface, cv::Mat& celsius, cv::Mat& known);

/// A temperature read with one emissivity, as it is with another; by Planck's law in the long-wave band.
double with_emissivity(double celsius, double camera_emissivity, const Surface& surface);

}  // namespace lynceus::pipes
