// A WILDTRACK folder: calibrations/ and annotations_positions/, seven cameras over one floor of 12 × 36 m.
// Thread: reentrant.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

namespace lynceus::tools {

constexpr std::array<const char*, 7> kWildtrackCameras{"CVLab1", "CVLab2", "CVLab3", "CVLab4",
                                                       "IDIAP1", "IDIAP2", "IDIAP3"};
inline const cv::Point2d kWildtrackOrigin_m{-3, -9};

/// Where a cell of the grid is, metres; nothing outside of the 480 × 1440 cells of 2.5 cm.
std::optional<cv::Point2d> wildtrack_metres(std::int64_t position);
/// The cell at a place, by rounding; nothing outside.
std::optional<std::int64_t> wildtrack_position(const cv::Point2d& metres);

struct WildtrackPerson {
  std::int64_t id = 0;
  cv::Point2d metres;
  std::array<std::optional<cv::Rect2d>, 7> boxes;  ///< not clipped to the picture
};
struct WildtrackMoment {
  std::string file;  ///< annotations_positions/NNNNNNNN.json
  std::vector<WildtrackPerson> people;
};

bool is_wildtrack(const std::string& folder);
/// Throws Error (Exit::unreadable).
std::vector<WildtrackMoment> read_wildtrack(const std::string& folder);

}  // namespace lynceus::tools
