// Everything a plugin may say about a frame, and the only way it may say it.
//
// The worker hands an empty Observations to process() and takes it away afterwards. From here metrics, alarms, overlays,
// the API and the page follow without the plugin knowing them. Thread: bound to the camera's worker.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/value.h"

namespace lynceus::sdk {

enum class Severity { info, warning, critical };

/// Name and value of a label; few and bounded values only, each combination is a time series.
struct Label {
  std::string name, value;
};

/// A tracked thing in the picture.
struct Entity {
  std::int64_t id = 0;
  std::string label;  ///< person, target, pipe …
  cv::Rect2d box;     ///< pixels of the frame
  double confidence = 1;
  std::optional<cv::Point2d> ground_m;  ///< metres on the floor
  std::string state;
};

/// A number that becomes a gauge: lynceus_measurement{camera,plugin,name,…labels} unless the daemon knows a name of its own.
struct Measurement {
  std::string name;
  double value = 0;
  std::string unit;
  std::vector<Label> labels;
};

/// Added to a counter that only grows.
struct Counter {
  std::string name;
  double add = 1;
  std::vector<Label> labels;
};

/// Something that is so, now. Report every condition at every call; one that is no longer reported is inactive.
struct Condition {
  std::string kind;  ///< camera_frozen, insulation_damaged …
  std::string zone;  ///< empty: the whole picture
  bool active = false;
  Severity severity = Severity::warning;
  std::string summary;
  std::optional<double> value, limit;
  std::string unit;
  std::optional<cv::Rect> evidence;

  std::string key() const { return zone.empty() ? kind : kind + ":" + zone; }
};

/// Something that happened and is over.
struct Event {
  std::string kind;  ///< line_crossed, zone_entered …
  std::int64_t entity = 0;
  std::string zone;
  std::string direction;
  Severity severity = Severity::info;
  std::string summary;
};

/// Where the floor is: CV_8UC1, 255 = floor, any size (stretched over the picture).
struct FloorMask {
  cv::Mat mask;
  double confidence = 1;
};

/// Things that move, found without a detector.
struct Mover {
  std::int64_t id = 0;
  cv::Rect2d box;
  std::string size_class;  ///< person, vehicle, small
};
struct Movers {
  std::vector<Mover> movers;
};

/// Where people are, standing ones too, as a detector has them; pixels of the frame.
struct People {
  std::vector<cv::Rect2d> boxes;
};

/// What one analyzer tells those after it in the camera's list. `people` reaches those before it as well, with the next
/// frames: they may have to see past somebody.
struct Facts {
  std::optional<FloorMask> floor_mask;
  std::optional<Movers> movers;
  std::optional<People> people;
};

/// A derived picture under a name: enhanced, topdown, segmentation, filtered … 8UC1, 8UC3 or 16UC1.
struct View {
  std::string name;
  cv::Mat picture;
};

/// Lines to draw over the picture, in pixels of the frame; colours are BGR.
struct Overlay {
  struct Box {
    cv::Rect2d rect;
    cv::Scalar colour;
    std::string text;
  };
  struct Polyline {
    std::vector<cv::Point2d> points;
    bool closed = false;
    cv::Scalar colour;
  };
  struct Text {
    cv::Point2d at;
    std::string text;
    cv::Scalar colour;
  };
  std::vector<Box> boxes;
  std::vector<Polyline> lines;
  std::vector<Text> texts;
};

struct Observations {
  std::vector<Entity> entities;
  std::vector<Measurement> measurements;
  std::vector<Counter> counters;
  std::vector<Condition> conditions;
  std::vector<Event> events;
  Facts facts;
  std::vector<View> views;
  Overlay overlay;
  Value details;
};

}  // namespace lynceus::sdk
