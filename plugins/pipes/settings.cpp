#include "plugins/pipes/settings.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace lynceus::pipes {
namespace {

using sdk::OptionSpec;
using sdk::OptionType;

constexpr double kColdest = -273.15, kHottest = 3000;

OptionSpec number(std::string key, std::optional<double> fallback, double least, double greatest, std::string help,
                  bool per_zone = false) {
  OptionSpec spec{std::move(key), OptionType::number, {}, std::move(help), least, greatest};
  if (fallback) spec.fallback = *fallback;
  spec.per_zone = per_zone;
  return spec;
}
OptionSpec integer(std::string key, int fallback, double least, double greatest, std::string help) {
  return {std::move(key), OptionType::integer, std::int64_t{fallback}, std::move(help), least, greatest};
}
OptionSpec flag(std::string key, bool fallback, std::string help) {
  return {std::move(key), OptionType::boolean, fallback, std::move(help)};
}
OptionSpec choice(std::string key, std::string fallback, std::vector<std::string> choices, std::string help) {
  OptionSpec spec{std::move(key), OptionType::choice, std::move(fallback), std::move(help)};
  spec.choices = std::move(choices);
  return spec;
}
OptionSpec rectangle(std::string key, std::string help) {
  OptionSpec spec{std::move(key), OptionType::numbers, {}, std::move(help), -16'384, 16'384};
  spec.count = 4;
  return spec;
}
OptionSpec zoned(std::string key, std::optional<double> fallback, double least, double greatest, std::string help) {
  return number(std::move(key), fallback, least, greatest, std::move(help), true);
}
OptionSpec duration(std::string key, double fallback, std::string help) {
  OptionSpec spec{std::move(key), OptionType::duration, fallback, std::move(help), 0, 30 * 86'400.0};
  spec.per_zone = true;
  return spec;
}

void add_seed(std::vector<OptionSpec>& table) {
  const seed::Params s;
  table.push_back(integer("seed.close", s.close_px, 1, 199, "profile seed: side of the closing, px"));
  table.push_back(integer("seed.open", s.open_px, 1, 199, "profile seed: side of the opening, px"));
  table.push_back(
      number("seed.least_area", s.least_area, 0, 1, "profile seed: a smaller share of the crop is no pipe"));
  table.push_back(
      number("seed.top_share", s.top_share, 0, 1, "profile seed: t_m is the mean of so many of the hottest"));
  table.push_back(
      number("seed.sigma_factor", s.sigma_factor, 0, 100, "profile seed: standard deviations above the mean"));
  table.push_back(integer("seed.p", s.step_columns, 1, 16'384, "profile seed: columns between compared widths"));
  table.push_back(number("seed.k", s.narrower_px, 0, 16'384, "profile seed: px by which a bare section is narrower"));
  table.push_back(number("seed.a", s.difference_px, 0, 16'384, "profile seed: px by which its two ends may differ"));
  table.push_back(
      flag("seed.guard", s.guard, "profile seed: the pipe must get wider again (off: as the patent has it)"));
  table.push_back(
      number("seed.q", s.q_kelvin, -1000, 1000, "profile seed: a defect is at most so much below t_m, kelvin"));
  table.push_back(integer("seed.contour", s.contour_px, 1, 99, "profile seed: side of the contour's dilation, px"));
  table.push_back(integer("seed.join", s.join_px, 1, 99, "profile seed: side of the closing that joins contours, px"));
  table.push_back(
      number("seed.s_min", s.least_defect_px, 0, 1e9, "profile seed: smaller filled regions do not count, px"));
  table.push_back(flag("seed.strict_zero_is_background", s.zero_is_background,
                       "profile seed: pixels of exactly 0 °C are no pipe, as the patent has it"));
  table.push_back(flag("seed.strict_subtract_k", s.subtract_k,
                       "profile seed: subtract the contours before they are joined, as the patent has it"));
}

void add_pipe(std::vector<OptionSpec>& table) {
  const PipeParams p;
  table.push_back(zoned("least_delta", p.least_delta_kelvin, 0, 1000, "smaller differences are no damage, kelvin"));
  table.push_back(zoned("least_delta_share", p.least_delta_share, 0, 10,
                        "nor are those smaller than this share of the pipe's own excess over its surroundings"));
  table.push_back(
      zoned("least_defect_share", p.least_defect_share, 0, 1, "smaller damages do not count, share of the pipe"));
  table.push_back(zoned("narrower", p.narrower_share, 0, 1, "a bare section is narrower by this share of the width"));
  table.push_back(zoned("diameter_mm", p.diameter_mm, 0, 10'000,
                        "outer diameter of the insulation; gives lengths and the heat loss their unit (0: unknown)"));
  table.push_back(zoned("heat_transfer", p.heat_transfer, 0, 1000,
                        "W/(m² K) that a surface gives off by convection and radiation, for the heat loss"));
  table.push_back(zoned("drift", p.drift_kelvin, 0, 1000,
                        "slow change of the pipe over its surroundings that raises pipe_drift, kelvin"));
  table.push_back(duration("drift_after", p.drift_after_s, "time constant of the slow mean that drift looks at"));
  table.push_back(duration("raise_after", p.raise_after_s, "a fault must be seen for so long"));
  table.push_back(duration("clear_after", p.clear_after_s, "and be gone for so long"));
  OptionSpec fixed = flag("fixed", p.fixed, "the camera does not turn: where the pipe is, is learned and kept");
  fixed.per_zone = true;
  table.push_back(std::move(fixed));
  table.push_back(duration("learn", p.learn_s, "how long the pipe's place is learned"));
}

void add_limits(std::vector<OptionSpec>& table) {
  const TemperatureLimits l;
  table.push_back(zoned("over_temperature.alarm", {}, kColdest, kHottest, "over_temperature above this, °C"));
  table.push_back(zoned("over_temperature.pre_alarm", {}, kColdest, kHottest, "over_temperature_pre above this, °C"));
  table.push_back(zoned("over_temperature.deadband", l.deadband_kelvin, 0, 1000, "both clear so much lower, kelvin"));
  table.push_back(zoned("over_temperature.rise", {}, 0, 1e4, "temperature_rise at a faster rise, kelvin a minute"));
  table.push_back(zoned("over_temperature.difference", {}, 0, 1e4,
                        "temperature_difference at so much above the reference area, kelvin"));
  OptionSpec area{"over_temperature.reference", OptionType::points, {}, "polygon of the reference area"};
  area.per_zone = true;
  table.push_back(std::move(area));
}

std::optional<double> maybe(const sdk::Options& o, std::string_view key) {
  return o.has(key) ? std::optional(o.number(key)) : std::nullopt;
}

TemperatureLimits limits_from(const sdk::Options& o) {
  TemperatureLimits l;
  l.alarm = maybe(o, "over_temperature.alarm");
  l.pre_alarm = maybe(o, "over_temperature.pre_alarm");
  l.rise_kelvin_per_minute = maybe(o, "over_temperature.rise");
  l.difference_kelvin = maybe(o, "over_temperature.difference");
  l.deadband_kelvin = o.number("over_temperature.deadband");
  if (o.has("over_temperature.reference")) l.reference = o.points("over_temperature.reference");
  if (l.alarm && l.pre_alarm && *l.pre_alarm > *l.alarm) {
    throw std::invalid_argument("over_temperature.pre_alarm is above over_temperature.alarm");
  }
  if (l.difference_kelvin && l.reference.size() < 3) {
    throw std::invalid_argument("over_temperature.difference needs over_temperature.reference, a polygon");
  }
  return l;
}

PipeParams pipe_from(const sdk::Options& o) {
  PipeParams p;
  p.least_delta_kelvin = o.number("least_delta");
  p.least_delta_share = o.number("least_delta_share");
  p.least_defect_share = o.number("least_defect_share");
  p.narrower_share = o.number("narrower");
  p.diameter_mm = o.number("diameter_mm");
  p.heat_transfer = o.number("heat_transfer");
  p.drift_kelvin = o.number("drift");
  p.drift_after_s = o.seconds("drift_after");
  p.raise_after_s = o.seconds("raise_after");
  p.clear_after_s = o.seconds("clear_after");
  p.fixed = o.boolean("fixed");
  p.learn_s = o.seconds("learn");
  return p;
}

AreaSettings area_from(std::string name, sdk::Polygon polygon, const sdk::Options& o) {
  AreaSettings area;
  area.name = std::move(name);
  area.polygon = std::move(polygon);
  area.emissivity = maybe(o, "emissivity");
  area.reflected_celsius = maybe(o, "reflected");
  area.limits = limits_from(o);
  area.pipe = pipe_from(o);
  return area;
}

seed::Params seed_from(const sdk::Options& o) {
  seed::Params s;
  s.close_px = static_cast<int>(o.integer("seed.close"));
  s.open_px = static_cast<int>(o.integer("seed.open"));
  s.least_area = o.number("seed.least_area");
  s.top_share = o.number("seed.top_share");
  s.sigma_factor = o.number("seed.sigma_factor");
  s.step_columns = static_cast<int>(o.integer("seed.p"));
  s.narrower_px = o.number("seed.k");
  s.difference_px = o.number("seed.a");
  s.guard = o.boolean("seed.guard");
  s.q_kelvin = o.number("seed.q");
  s.contour_px = static_cast<int>(o.integer("seed.contour"));
  s.join_px = static_cast<int>(o.integer("seed.join"));
  s.least_defect_px = o.number("seed.s_min");
  s.zero_is_background = o.boolean("seed.strict_zero_is_background");
  s.subtract_k = o.boolean("seed.strict_subtract_k");
  return s;
}

void check_rectangle(const std::vector<double>& r, const char* key) {
  const auto finite = [](double v) { return std::isfinite(v); };
  if (r.size() != 4 || !std::all_of(r.begin(), r.end(), finite) || r[2] <= 0 || r[3] <= 0) {
    throw std::invalid_argument(std::string(key) + ": accepted is [x, y, width, height], both sides above 0");
  }
}

ScaleOptions scale_from(const sdk::Options& o) {
  ScaleOptions s;
  if (o.has("scale.bar")) check_rectangle(s.bar = o.numbers("scale.bar"), "scale.bar");
  s.low = maybe(o, "scale.low");
  s.high = maybe(o, "scale.high");
  if (s.low && s.high && !(*s.low < *s.high)) throw std::invalid_argument("scale.low must be below scale.high");
  const std::string& unit = o.text("scale.unit");
  if (unit != "auto") s.fahrenheit = unit == "F";
  const std::string& mapping = o.text("scale.mapping");
  if (mapping != "auto") s.mapping = mapping == "linear" ? MappingChoice::linear : MappingChoice::radiance;
  return s;
}

}  // namespace

std::vector<OptionSpec> option_table() {
  std::vector<OptionSpec> table{
      choice("profile", "recommended", {"seed", "recommended"},
             "recommended: robust, any palette; seed: the patent's rules and nothing else"),
      choice("source", "auto", {"auto", "radiometric", "palette"},
             "where temperatures come from; auto: radiometric data where there are any"),
      rectangle(
          "roi",
          "part of the picture to look at: x, y, width, height, in pixels, or in shares of the picture (up to 1)"),
      rectangle("scale.bar",
                "the scale bar's colours, without frame: x, y, width, height, likewise; found when absent"),
      number("scale.low", {}, -500, 5000,
             "temperature at the bar's cold end, in scale.unit; read off the picture when absent"),
      number("scale.high", {}, -500, 5000, "temperature at the bar's hot end"),
      choice("scale.unit", "auto", {"auto", "C", "F"},
             "unit of the scale; auto: read off the picture, C for limits given"),
      choice("scale.mapping", "auto", {"auto", "linear", "radiance"},
             "what the bar's length is in equal steps of: degrees, or the sensor's signal; auto: signal for FLIR's own "
             "palettes"),
      number("radiometric.gain", {}, -1e6, 1e6,
             "16-bit values: kelvin = value × gain + offset (0.01, or as the file says)"),
      number("radiometric.offset", {}, -1e6, 1e6, "see radiometric.gain"),
      zoned("emissivity", {}, 0.01, 1, "of the surface; the camera's own setting when absent"),
      zoned("reflected", {}, kColdest, kHottest, "temperature of what the surface mirrors, °C"),
      number("camera_emissivity", Settings{}.camera_emissivity, 0.01, 1,
             "what the camera itself assumes, where it does not tell"),
  };
  add_pipe(table);
  add_limits(table);
  add_seed(table);
  return table;
}

Settings settings_from(const sdk::Options& options, const std::vector<sdk::Zone>& zones) {
  Settings s;
  s.profile = options.text("profile") == "seed" ? Profile::seed : Profile::recommended;
  const std::string& source = options.text("source");
  if (source != "auto") s.source = source == "palette" ? SourceChoice::palette : SourceChoice::radiometric;
  if (options.has("roi")) check_rectangle(s.roi = options.numbers("roi"), "roi");
  s.scale = scale_from(options);
  s.radiometric_gain = maybe(options, "radiometric.gain");
  s.radiometric_offset = maybe(options, "radiometric.offset");
  if (s.radiometric_gain && *s.radiometric_gain == 0) throw std::invalid_argument("radiometric.gain must not be 0");
  s.camera_emissivity = options.number("camera_emissivity");
  s.seed = seed_from(options);
  for (const sdk::Zone& zone : zones) s.areas.push_back(area_from(zone.name, zone.polygon, zone.options));
  if (s.areas.empty()) s.areas.push_back(area_from("", {}, options));
  return s;
}

cv::Rect to_pixels(const std::vector<double>& r, cv::Size size) {
  const bool shares = r[2] <= 1 && r[3] <= 1 && r[0] <= 1 && r[1] <= 1;
  const double sx = shares ? size.width : 1, sy = shares ? size.height : 1;
  const cv::Point from(cvRound(r[0] * sx), cvRound(r[1] * sy)),
      to(cvRound((r[0] + r[2]) * sx), cvRound((r[1] + r[3]) * sy));
  return cv::Rect(from, to) & cv::Rect({0, 0}, size);
}

}  // namespace lynceus::pipes
