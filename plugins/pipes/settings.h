// The options of the pipes plugin: its table, and the same as plain numbers. What a zone may set for itself is marked
// `per_zone` in the table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/pipes/seed.h"
#include "plugins/sdk/options.h"

namespace lynceus::pipes {

enum class Profile { seed, recommended };
enum class SourceChoice { automatic, radiometric, palette };
enum class MappingChoice { automatic, linear, radiance };

/// Temperatures that raise alarms; Celsius. What is not set is not watched.
struct TemperatureLimits {
  std::optional<double> alarm, pre_alarm, rise_kelvin_per_minute, difference_kelvin;
  double deadband_kelvin = 2;
  sdk::Polygon reference;  ///< the area that `difference` compares with
};

/// What the recommended profile needs to know of a pipe.
struct PipeParams {
  double least_delta_kelvin = 1.5;    ///< smaller differences are no damage
  double least_delta_share = 0.12;    ///< of the pipe's own excess over its surroundings
  double least_defect_share = 0.002;  ///< of the pipe's area
  double narrower_share = 0.15;       ///< of the width: less is no bare section
  double diameter_mm = 0;             ///< of the insulation; 0: unknown
  double heat_transfer = 10;          ///< W/(m² K), convection and radiation
  double drift_kelvin = 3, drift_after_s = 3600;
  double learn_s = 300;  ///< the pipe's place is learned so long
  bool fixed = true;     ///< the camera does not turn: learn where the pipe is
  double raise_after_s = 2, clear_after_s = 5;
};

struct ScaleOptions {
  std::vector<double> bar;  ///< x, y, w, h in pixels or shares; empty: found
  std::optional<double> low, high;
  std::optional<bool> fahrenheit;
  MappingChoice mapping = MappingChoice::automatic;
};

/// One zone's, or the whole picture's.
struct AreaSettings {
  std::string name;      ///< empty: the whole picture
  sdk::Polygon polygon;  ///< 0..1; empty: all
  std::optional<double> emissivity, reflected_celsius;
  TemperatureLimits limits;
  PipeParams pipe;
};

struct Settings {
  Profile profile = Profile::recommended;
  SourceChoice source = SourceChoice::automatic;
  std::vector<double> roi;  ///< pixels or shares; empty: all but the scale
  ScaleOptions scale;
  std::optional<double> radiometric_gain, radiometric_offset;
  double camera_emissivity = 0.95;
  seed::Params seed;
  std::vector<AreaSettings> areas;  ///< at least one
};

std::vector<sdk::OptionSpec> option_table();
/// Throws std::invalid_argument for what the table cannot check.
Settings settings_from(const sdk::Options& options, const std::vector<sdk::Zone>& zones);

/// A rectangle option on a picture of this size: values up to 1 are shares of it.
cv::Rect to_pixels(const std::vector<double>& rectangle, cv::Size size);

}  // namespace lynceus::pipes
