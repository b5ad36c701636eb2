#include "plugins/people/settings.h"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace lynceus::people {
namespace {

using sdk::OptionSpec;
using sdk::OptionType;

OptionSpec number(std::string key, std::optional<double> fallback, double least, double greatest, std::string help,
                  bool per_zone = false) {
  OptionSpec spec{std::move(key), OptionType::number, {}, std::move(help), least, greatest};
  if (fallback) spec.fallback = *fallback;
  spec.per_zone = per_zone;
  return spec;
}
OptionSpec integer(std::string key, int fallback, double least, double greatest, std::string help,
                   bool per_zone = false) {
  OptionSpec spec{std::move(key), OptionType::integer, std::int64_t{fallback}, std::move(help), least, greatest};
  spec.per_zone = per_zone;
  return spec;
}
OptionSpec flag(std::string key, bool fallback, std::string help, bool per_zone = false) {
  OptionSpec spec{std::move(key), OptionType::boolean, fallback, std::move(help)};
  spec.per_zone = per_zone;
  return spec;
}
OptionSpec choice(std::string key, std::string fallback, std::vector<std::string> choices, std::string help) {
  OptionSpec spec{std::move(key), OptionType::choice, std::move(fallback), std::move(help)};
  spec.choices = std::move(choices);
  return spec;
}
OptionSpec duration(std::string key, double fallback, std::string help, bool per_zone = false) {
  OptionSpec spec{std::move(key), OptionType::duration, fallback, std::move(help), 0, 7 * 86'400.0};
  spec.per_zone = per_zone;
  return spec;
}
OptionSpec file(std::string key, std::string help) { return {std::move(key), OptionType::file, {}, std::move(help)}; }
OptionSpec points(std::string key, std::string help) {
  OptionSpec spec{std::move(key), OptionType::points, {}, std::move(help), -1e5, 1e5};
  spec.count = 4;
  return spec;
}

void add_detector(std::vector<OptionSpec>& table) {
  const Settings s;
  OptionSpec detector{
      "detector",
      OptionType::choice,
      {},
      "what finds people (file: boxes made elsewhere, MOT det.txt); absent: own, or hog without its file"};
  detector.choices = {"own", "hog", "yolox", "nanodet", "yolov8", "darknet", "file"};
  table.push_back(std::move(detector));
  table.push_back(
      file("model", "the detector's network (darknet: NAME.weights with NAME.cfg beside it), or its file of boxes"));
  table.push_back(integer("input", 0, 0, 4096, "side of the network's input in pixels; 0: the model's own"));
  table.push_back(number("confidence", {}, 0, 1, "least confidence of a person; the detector's own when absent"));
  table.push_back(number("nms", s.nms, 0, 1, "of two boxes that overlap more (IoU) the worse goes"));
  table.push_back(flag("tiles", s.tiles, "look at the far half of a large frame once more, in tiles"));
  table.push_back(
      flag("gated", s.gated, "look only where something moves, and now and then at people who stand still"));
}

void add_distance(std::vector<OptionSpec>& table) {
  const Settings s;
  table.push_back(choice("method", "auto", {"auto", "pixels", "perspective", "homography", "calibration"},
                         "how distances are measured; auto: the best that the camera's ground allows"));
  table.push_back(choice("point", "foot", {"foot", "centre"}, "method pixels: from where to where"));
  table.push_back(number("limit_m", s.limit_m, 0.01, 100, "people closer than that many metres are too close"));
  table.push_back(number("limit_px", {}, 1, 1e5, "the same for method pixels; 400 at a picture 1920 wide when absent"));
  table.push_back(number("foot_fraction", s.foot_fraction, 0.5, 1.1, "where in a box the foot is, from its top"));
  table.push_back(number("focal_px", {}, 1, 1e6,
                         "focal length in pixels, for perspective and auto_ground; of the calibration when absent"));
  table.push_back(file("calibration", "the camera's calibration: JSON, or OpenCV XML with `extrinsic` beside it"));
  table.push_back(file("extrinsic", "OpenCV XML with rvec, and tvec in centimetres"));
  table.push_back(points("homography.image", "four points of the floor in the picture: shares of it, or pixels"));
  table.push_back(points("homography.metres", "the same points on the floor, in metres, seen from above"));
  table.push_back(
      flag("auto_ground", s.auto_ground, "without ground: learn it from people standing upright; needs focal_px"));
}

void add_alarms(std::vector<OptionSpec>& table) {
  const Settings s;
  const GroupSettings g;
  table.push_back(number("alarm.probability", s.alarm_probability, 0.5, 0.999, "of two people being too close,"));
  table.push_back(duration("alarm.after", s.alarm_after_s, "for that long, until an alarm is raised"));
  table.push_back(
      number("group.distance", g.distance_m, 0.1, 20, "people walking closer together than that, in metres,"));
  table.push_back(number("group.speed", g.speed, 0.01, 5, "with a smaller difference of their velocities, m/s,"));
  table.push_back(duration("group.after", g.after_s, "for that long belong together"));
  table.push_back(number("group.apart", g.apart_m, 0.1, 40, "until they are farther apart than that, in metres,"));
  table.push_back(duration("group.drop", g.drop_s, "for that long"));
}

void add_areas(std::vector<OptionSpec>& table) {
  const AreaSettings a;
  table.push_back(number("least_score", a.least_score, 0, 1, "boxes below do not count here", true));
  table.push_back(number("least_height", a.least_height, 0, 10,
                         "smaller boxes do not count here; share of the picture's height", true));
  table.push_back(number("greatest_height", a.greatest_height, 0, 10, "nor do larger ones", true));
  table.push_back(integer("crowding", a.crowding, 0, 1000, "more people than that are a crowd; 0: never", true));
  table.push_back(duration("dwell", a.dwell_s, "tell when somebody stays longer in a zone; 0: never", true));
  table.push_back(flag("entered", a.entered, "tell when somebody enters a zone", true));
}

void add_views(std::vector<OptionSpec>& table) {
  const Settings s;
  table.push_back(flag("panel", s.panel, "lynceus analyze: put the view from above beside the picture"));
  table.push_back(number("range", s.range_m, 1, 1000, "metres of floor that the view from above shows at most"));
  OptionSpec floor{"floor", OptionType::numbers, {}, "X, Y, width and depth in metres of the view from above", -1e4,
                   1e4};
  floor.count = 4;
  table.push_back(std::move(floor));
}

std::optional<double> maybe(const sdk::Options& o, const char* key) {
  return o.has(key) ? std::optional(o.number(key)) : std::nullopt;
}
std::string text(const sdk::Options& o, const char* key) { return o.has(key) ? o.text(key) : ""; }

std::optional<Method> method_of(const std::string& name) {
  if (name == "pixels") return Method::pixels;
  if (name == "perspective") return Method::perspective;
  if (name == "homography") return Method::homography;
  if (name == "calibration") return Method::calibration;
  return {};
}

AreaSettings area_of(std::string name, std::vector<cv::Point2d> polygon, const sdk::Options& o) {
  AreaSettings a;
  a.name = std::move(name);
  a.polygon = std::move(polygon);
  a.least_score = o.number("least_score");
  a.least_height = o.number("least_height");
  a.greatest_height = o.number("greatest_height");
  a.crowding = int(o.integer("crowding"));
  a.dwell_s = o.seconds("dwell");
  a.entered = o.boolean("entered");
  if (a.least_height > a.greatest_height) throw std::invalid_argument("least_height is above greatest_height");
  return a;
}

}  // namespace

const char* name_of(Method method) {
  switch (method) {
    case Method::pixels:
      return "pixels";
    case Method::perspective:
      return "perspective";
    case Method::homography:
      return "homography";
    case Method::calibration:
      return "calibration";
  }
  return "pixels";
}

std::vector<OptionSpec> option_table() {
  std::vector<OptionSpec> table;
  add_detector(table);
  add_distance(table);
  add_alarms(table);
  add_areas(table);
  add_views(table);
  return table;
}

Settings settings_from(const sdk::Options& o, const sdk::CameraInfo& camera) {
  Settings s;
  s.detector = text(o, "detector");
  s.model = text(o, "model");
  s.input = int(o.integer("input"));
  s.confidence = maybe(o, "confidence").value_or(-1);
  s.nms = o.number("nms");
  s.tiles = o.boolean("tiles");
  s.gated = o.boolean("gated");
  s.method = method_of(o.text("method"));
  s.centre = o.text("point") == "centre";
  s.limit_m = o.number("limit_m");
  s.limit_px = maybe(o, "limit_px");
  s.focal_px = maybe(o, "focal_px");
  s.foot_fraction = o.number("foot_fraction");
  s.panel = o.boolean("panel");
  s.range_m = o.number("range");
  if (o.has("floor")) s.floor = o.numbers("floor");
  if (!s.floor.empty() && !(s.floor[2] > 0 && s.floor[3] > 0))
    throw std::invalid_argument("floor: width and depth must be above 0");
  s.auto_ground = o.boolean("auto_ground");
  if (s.auto_ground && !s.focal_px) throw std::invalid_argument("auto_ground needs focal_px");
  s.alarm_probability = o.number("alarm.probability");
  s.alarm_after_s = o.seconds("alarm.after");
  s.group = {o.number("group.distance"), o.number("group.apart"), o.number("group.speed"), o.seconds("group.after"),
             o.seconds("group.drop")};
  if (s.group.apart_m < s.group.distance_m) throw std::invalid_argument("group.apart is below group.distance");
  s.picture = area_of("", {}, o);
  for (const sdk::Zone& zone : camera.zones) s.zones.push_back(area_of(zone.name, zone.polygon, zone.options));
  s.lines = camera.lines;
  return s;
}

}  // namespace lynceus::people
