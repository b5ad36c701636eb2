// A scale held against the temperatures beneath the picture: how far off what it says is, and how its camera laid
// temperatures along the colours.
//
// A monotone curve from the place along the bar to the temperature is fitted to all pixels. Where it is a straight line
// in degrees or in the sensor's signal between the printed limits, reading the colours is right; where it bends, the
// camera equalised its histogram and no reading of colours can be right; where it is straight between other limits, the
// printed ones are rounded far or not the picture's. The curve's own residual is what noise, compression and a shift
// between both pictures leave. Thread: reentrant.
#pragma once

#include <optional>
#include <vector>

#include "plugins/pipes/colour_scale.h"

namespace lynceus::pipes {

/// A pixel: its place along the bar (0 cold … 1 hot) and the temperature beneath it.
struct SeenOnScale {
  float share = 0, celsius = 0;
};

/// `unknown`: too little of the bar is to be seen in the picture.
enum class Laid { unknown, linear, shifted, equalised };
const char* name_of(Laid laid);

/// How far the picture's colours are from the radiometric data beneath them; shares are of the scale's span.
struct Disagreement {
  double median_kelvin = 0, share_of_span = 0;  ///< of what is read off the scale
  Laid laid = Laid::unknown;
  double curve_share = 0;  ///< median that the best monotone curve would leave
  double bend_share = 0;   ///< three quarters of the curve are no farther from its best straight line
  /// Temperatures beneath at the bar's ends less the limits printed there; where the curve is a line that comes near.
  std::optional<double> low_offset_kelvin, high_offset_kelvin;
};

/// Nothing when there are too few pixels within the limits.
std::optional<Disagreement> check_scale(const std::vector<SeenOnScale>& seen, const ScaleLimits& limits);

}  // namespace lynceus::pipes
