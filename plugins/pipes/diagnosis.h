// What both profiles say of a picture, or of one zone of it.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

namespace lynceus::pipes {

enum class Kind { normal, damaged, missing, no_pipe, unreadable };

inline const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::normal:
      return "normal";
    case Kind::damaged:
      return "insulation_damaged";
    case Kind::missing:
      return "insulation_missing";
    case Kind::no_pipe:
      return "no_pipe";
    case Kind::unreadable:
      return "unreadable";
  }
  return "unreadable";
}

/// Temperatures of the pipe, Celsius.
struct PipeTemperature {
  double max = 0, mean = 0, stddev = 0;
  bool abnormal = false;
};

/// Where the pipe gets narrower fastest and wider fastest; columns count from 1.
struct DiameterResult {
  bool vertical = false;
  int d_max = 0, at_max = 0, d_min = 0, at_min = 0;
  bool abnormal = false;
};

struct Defect {
  cv::Rect box;  ///< pixels of the crop until the analyzer moves it
  int area_px = 0;
  double max_celsius = 0;
  double delta_kelvin = 0;  ///< above what is usual there; recommended only
};

struct DefectResult {
  int area_px = 0;
  double max_celsius = 0;
  bool abnormal = false;
  std::vector<Defect> parts;
};

/// A piece of the pipe without insulation, along its axis.
struct BareSection {
  double from_share = 0, length_share = 0;               ///< of the pipe's visible length, from its left or upper end
  double length_px = 0, delta_kelvin = 0, narrower = 0;  ///< narrower: share of the insulation's width that is gone
  cv::Rect box;
};

struct Diagnosis {
  Kind kind = Kind::unreadable;
  int area_px = 0;
  cv::Rect box;  ///< around the pipe
  double angle_deg = 0;
  std::optional<PipeTemperature> temperature;
  std::optional<DiameterResult> diameter;
  std::optional<DefectResult> defects;
  std::vector<BareSection> bare;
  double heat_loss_watt = 0;  ///< surplus over an intact pipe; recommended only
  double confidence = 0;
  std::string reason;                ///< why no_pipe or unreadable
  std::vector<cv::Point2d> outline;  ///< of the pipe, for the overlay
};

}  // namespace lynceus::pipes
