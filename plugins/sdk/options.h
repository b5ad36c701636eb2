// The options of a plugin: a table in the plugin says what there is, the daemon checks YAML and --set against it, and
// the analyzer reads values that are known to be right.
//
// Keys are dotted (`scale.low`). The same table makes the JSON Schema and the reference page. A zone may override
// options marked `per_zone`. Thread: Options are immutable after creation.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lynceus::sdk {

using Polygon = std::vector<cv::Point2d>;  ///< YAML: 0..1 of the picture; analyzers see the same

enum class OptionType {
  boolean,
  integer,
  number,
  duration,  ///< "2s", "500ms", "1h"; seconds as a double
  text,
  choice,
  numbers,   ///< list of numbers, `count` of them when count > 0
  points,    ///< list of [x, y]
  polygons,  ///< list of polygons
  file       ///< path, relative to the configuration's folder
};

using OptionValue =
    std::variant<bool, std::int64_t, double, std::string, std::vector<double>, Polygon, std::vector<Polygon>>;

/// One row of a plugin's table.
struct OptionSpec {
  std::string key;
  OptionType type;
  std::optional<OptionValue> fallback;  ///< the default; nothing: the option may be absent
  std::string help;
  double least = -1e300, greatest = 1e300;  ///< numbers and durations
  std::vector<std::string> choices{};
  int count = 0;
  bool per_zone = false;
};

/// Values by key; every key of the table with a default is present.
class Options {
 public:
  Options() = default;
  explicit Options(std::map<std::string, OptionValue, std::less<>> values) : values_(std::move(values)) {}

  bool has(std::string_view key) const { return values_.find(key) != values_.end(); }
  bool boolean(std::string_view key) const { return at<bool>(key); }
  std::int64_t integer(std::string_view key) const { return at<std::int64_t>(key); }
  double number(std::string_view key) const { return at<double>(key); }
  double seconds(std::string_view key) const { return at<double>(key); }
  const std::string& text(std::string_view key) const { return at<std::string>(key); }
  const std::vector<double>& numbers(std::string_view key) const { return at<std::vector<double>>(key); }
  const Polygon& points(std::string_view key) const { return at<Polygon>(key); }
  const std::vector<Polygon>& polygons(std::string_view key) const { return at<std::vector<Polygon>>(key); }
  const auto& values() const { return values_; }

 private:
  /// Asking for a key that the table does not have, or as another type, is a bug of the plugin.
  template <class T>
  const T& at(std::string_view key) const {
    const auto found = values_.find(key);
    if (found == values_.end()) throw std::logic_error("option not in the plugin's table: " + std::string(key));
    if (const T* value = std::get_if<T>(&found->second)) return *value;
    throw std::logic_error("option has another type: " + std::string(key));
  }

  std::map<std::string, OptionValue, std::less<>> values_;
};

/// What an analyzer gets when nothing is configured.
inline Options defaults_of(std::span<const OptionSpec> table) {
  std::map<std::string, OptionValue, std::less<>> values;
  for (const OptionSpec& spec : table) {
    if (spec.fallback) values.emplace(spec.key, *spec.fallback);
  }
  return Options(std::move(values));
}

/// A named part of the picture. Coordinates are 0..1 of the picture.
struct Zone {
  std::string name;
  Polygon polygon;
  Options options;  ///< this plugin's options with the zone's own on top
};

struct Line {
  std::string name;
  cv::Point2d from, to;
};

/// Picture to floor: four picture points (0..1) and their metres, or a camera calibration (pixels of width × height).
struct Ground {
  struct Homography {
    std::vector<cv::Point2d> image, metres;
  };
  struct Calibration {
    cv::Size size;
    cv::Matx33d k = cv::Matx33d::eye();
    std::vector<double> distortion;
    cv::Matx33d r = cv::Matx33d::eye();  ///< world to camera
    cv::Vec3d t_m;
  };
  std::optional<Homography> homography;
  std::optional<Calibration> calibration;
};

}  // namespace lynceus::sdk
