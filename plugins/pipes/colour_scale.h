// The colours of a burnt-in scale bar and the temperatures they stand for.
//
//   const BarColours colours = bar_colours(bgr, bar);         // coldest first
//   ColourScale scale(colours, {17.2, 27.8, Mapping::linear});
//   scale.nearest(bgr, mask, celsius);                        // the seed's way: the temperature of the nearest bar row
//   scale.along(bgr, celsius, known);                         // between the rows, with what is no palette colour left out
//
// Both are exact for every 24-bit colour: candidates are kept per cell of 8×8×8 colours, found when a cell is first
// seen, and the last results per colour. Thread: bound to its owner.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace lynceus::pipes {

/// How the camera lays temperatures along the bar: in equal steps of degrees, or of what its sensor measures.
enum class Mapping { linear, radiance };

struct ScaleLimits {
  double low_celsius = 0, high_celsius = 1;
  Mapping mapping = Mapping::linear;
  double planck_b = 1430;  ///< of the camera where known
};

/// Temperature at a share (0..1) of the bar from its cold end.
double celsius_at(const ScaleLimits& limits, double share);
/// The other way round; beyond 0..1 for what lies beyond the limits.
double share_at(const ScaleLimits& limits, double celsius);

/// Mean colour of each row (column of a horizontal bar), kept exactly: sums over `count` pixels.
struct BarColours {
  std::vector<cv::Vec3i> sums;  ///< BGR, coldest first
  int count = 1;
  cv::Vec3d colour(std::size_t i) const {
    return {sums[i][0] / double(count), sums[i][1] / double(count), sums[i][2] / double(count)};
  }
};

/// Of the bar's central third. A bar wider than it is high is horizontal, hot at its right end; else hot at its top.
BarColours bar_colours(const cv::Mat& bgr, const cv::Rect& bar);

class ColourScale {
 public:
  /// Throws std::invalid_argument when there are less than two colours.
  ColourScale(BarColours colours, const ScaleLimits& limits);

  /// Fills `celsius` (CV_32F) where `mask` is set.
  void nearest(const cv::Mat& bgr, const cv::Mat& mask, cv::Mat& celsius);
  /// Fills `celsius` everywhere, `known` with 255 where a pixel's colour lies within `tolerance` (RGB distance) of the bar.
  void along(const cv::Mat& bgr, double tolerance, cv::Mat& celsius, cv::Mat& known);
  /// RMS distance of the colours seen by the last along() from the bar, known pixels only.
  double residual() const { return residual_; }
  const ScaleLimits& limits() const { return limits_; }
  std::size_t entries() const { return centres_.size(); }

 private:
  struct Cached {
    std::uint32_t key = 0xffffffff;
    float celsius = 0;
    float distance = 0;
    std::uint32_t square = 0;  ///< of the distance, × kSquareUnit: integers add up faster
  };
  static constexpr double kSquareUnit = 256;
  static constexpr std::size_t kCache = 1 << 14;

  int nearest_entry(int b, int g, int r);
  std::span<const std::uint16_t> candidates(std::size_t cell);
  Cached project(int b, int g, int r);
  /// Nearest point of the bar's polyline between two neighbouring entries.
  double distance_to_piece(const cv::Vec3d& p, std::size_t lower, double& share) const;

  BarColours colours_;
  ScaleLimits limits_;
  std::vector<cv::Vec3d> centres_;
  std::vector<float> celsius_of_entry_;
  std::vector<std::uint32_t> cells_;  ///< where in `lists_` a cell's list begins; 0: not made yet
  std::vector<std::uint16_t> lists_;  ///< of candidates, their number first
  std::vector<double> distances_;     ///< squared, of a cell's middle
  std::vector<Cached> cache_;
  std::vector<float> table_;  ///< Celsius at even shares, to go without exponentials
  double residual_ = 0;
};

}  // namespace lynceus::pipes
