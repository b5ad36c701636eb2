#include "plugins/pipes/camera_palettes.h"

#include <array>
#include <cmath>

namespace lynceus::pipes {
namespace {

constexpr std::size_t kStops = 9;
constexpr double kNear = 26;  // mean RGB distance; compression alone gives up to 20

using Palette = std::array<std::array<int, 3>, kStops>;  // RGB, coldest first
constexpr Palette kIron{{{0, 31, 37},
                         {72, 11, 141},
                         {143, 17, 161},
                         {193, 46, 127},
                         {224, 87, 69},
                         {241, 133, 22},
                         {244, 180, 12},
                         {239, 218, 73},
                         {225, 239, 239}}};
constexpr Palette kRainbow{{{17, 19, 80},
                            {16, 68, 151},
                            {15, 113, 210},
                            {72, 163, 67},
                            {199, 201, 14},
                            {234, 174, 28},
                            {235, 54, 63},
                            {233, 99, 110},
                            {236, 214, 191}}};
constexpr Palette kRainbowHighContrast{{{16, 16, 16},
                                        {210, 15, 215},
                                        {15, 30, 155},
                                        {13, 200, 193},
                                        {43, 103, 15},
                                        {208, 201, 7},
                                        {125, 17, 17},
                                        {205, 61, 61},
                                        {233, 229, 228}}};

double distance(const BarColours& colours, const Palette& palette) {
  double sum = 0;
  for (std::size_t i = 0; i < kStops; ++i) {
    const cv::Vec3d bgr = colours.colour((colours.sums.size() - 1) * i / (kStops - 1));
    sum += std::hypot(bgr[2] - palette[i][0], bgr[1] - palette[i][1], bgr[0] - palette[i][2]);
  }
  return sum / kStops;
}

}  // namespace

bool is_signal_palette(const BarColours& colours) {
  if (colours.sums.size() < kStops) return false;
  for (const Palette& palette : {kIron, kRainbow, kRainbowHighContrast}) {
    if (distance(colours, palette) < kNear) return true;
  }
  return false;
}

}  // namespace lynceus::pipes
