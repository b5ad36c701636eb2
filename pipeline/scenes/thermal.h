// Thermal pictures of pipes with known truth, for tests and figures: thousands of different ones from a number.
//
//   const ThermalRecipe recipe = thermal_recipe(Regime::hard, 17);
//   const ThermalPicture picture = make_thermal(recipe);
// Three regimes: `laboratory` (level pipe that spans the picture, small faults), `wide` (bare sections of 12 to 45 % of the
// pipe, damages up to 25 %), `hard` (tilt, taper, branches, lamps, noise, palettes, sizes, scales, and no pipe at all).
// Physics and ranges: docs/ref/scenes.md. JPEG is left to the caller (recipe.jpeg_quality). Thread: reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

namespace lynceus::scenes {

enum class Regime { laboratory, wide, hard };
/// "laboratory", "wide", "hard"; nothing for another name.
std::optional<Regime> regime_of(const std::string& name);

enum class PipeFault { none, damaged, missing, no_pipe };
/// As the pipes plugin says it.
const char* diagnosis_of(PipeFault fault);

/// Along the pipe in shares of its length, across it −1 … 1.
struct ThermalPatch {
  double along = 0, across = 0, half_length = 0, half_width = 0, celsius = 0;
  double ragged = 0.1;
};
struct ThermalGap {
  double from = 0, to = 0, radius = 0.5, celsius = 60;
};
struct ThermalBranch {
  double along = 0, angle = 0, width = 0.3, celsius = 30;
  bool upper = true;
};
struct ThermalLamp {
  cv::Point2d at;  ///< shares of the picture
  double size = 0.03, celsius = 60;
  bool round = true;
};

struct ThermalRecipe {
  std::uint64_t seed = 1;
  PipeFault fault = PipeFault::none;
  cv::Size size{640, 480};
  double tilt_deg = 0;  ///< 90: vertical
  double centre = 0.5;  ///< of the axis, share of the side across it
  double width = 0.2;   ///< of the insulation, likewise
  double taper = 0;     ///< change of the width from one end to the other
  double falloff = 0.18;
  double wall = 21, insulation = 33, along_kelvin = 0, texture = 0.5, wall_texture = 1, vignette = 0.3;
  double blur_px = 0.7, noise_kelvin = 0.07;
  std::vector<ThermalPatch> patches;
  std::vector<ThermalGap> gaps;
  std::vector<ThermalBranch> branches;
  std::vector<ThermalLamp> lamps;

  std::string palette = "iron";
  double low = 15, high = 70;  ///< of the scale, in its unit
  bool fahrenheit = false;
  enum class Bar { right, left, bottom } bar = Bar::right;
  enum class Labels { ends, beside } labels = Labels::ends;  ///< beyond the ends, or beside the bar at its ends
  int font = 0;                                              ///< of OpenCV's Hershey fonts
  double letter_px = 12;
  int decimals = 0;
  bool dark_text = false, boxed = false, unit_at_label = true, framed = true, cross_hair = false, logo = true;
  int jpeg_quality = 0;  ///< 0: none
};

struct ThermalPicture {
  cv::Mat picture;  ///< BGR with scale, labels and logo
  cv::Mat celsius;  ///< CV_32F, without them
  cv::Rect bar, roi;
  double pipe_share_hot = 0;  ///< of the pipe's pixels
};

ThermalRecipe thermal_recipe(Regime regime, std::uint64_t seed, std::optional<PipeFault> fault = {});
ThermalPicture make_thermal(const ThermalRecipe& recipe);
/// The temperatures alone.
cv::Mat thermal_field(const ThermalRecipe& recipe, double* hot_share = nullptr);
/// The counts of the patent's laboratory: picture i of 208 has this fault; beyond that it repeats.
PipeFault laboratory_fault(std::size_t i);

}  // namespace lynceus::scenes
