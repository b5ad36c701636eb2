#include "plugins/pipes/heat_loss.h"

#include <algorithm>
#include <numbers>

namespace lynceus::pipes {

double heat_loss(const Diagnosis& found, const PipeLines& lines, double excess_kelvin, const PipeParams& params) {
  if (params.diameter_mm <= 0 || lines.width() <= 0) return 0;
  const double metres_per_px = params.diameter_mm / 1000 / lines.width();
  // The pipe's surface is π/2 times its outline.
  const double surface = metres_per_px * metres_per_px * std::numbers::pi / 2;
  double watt = 0;
  if (found.defects) {
    for (const Defect& part : found.defects->parts)
      watt += params.heat_transfer * part.area_px * surface * part.delta_kelvin;
  }
  const double diameter = params.diameter_mm / 1000;
  for (const BareSection& bare : found.bare) {
    const double bare_diameter = diameter * (1 - bare.narrower);
    const double more = bare_diameter * (excess_kelvin + bare.delta_kelvin) - diameter * excess_kelvin;
    watt += std::numbers::pi * bare.length_px * metres_per_px * params.heat_transfer * std::max(0.0, more);
  }
  return watt;
}

}  // namespace lynceus::pipes
