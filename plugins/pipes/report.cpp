#include "plugins/pipes/report.h"

#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

namespace lynceus::pipes {
namespace {

using Object = sdk::Value::Object;
using Array = sdk::Value::Array;

Array box_of(const cv::Rect& box) { return {box.x, box.y, box.width, box.height}; }

Object temperature_of(const Diagnosis& found) {
  const auto value = [&](double PipeTemperature::*member) {
    return found.temperature ? sdk::Value((*found.temperature).*member) : sdk::Value();
  };
  return {{"max", value(&PipeTemperature::max)},
          {"mean", value(&PipeTemperature::mean)},
          {"stddev", value(&PipeTemperature::stddev)},
          {"unit", "celsius"},
          {"abnormal", found.temperature ? sdk::Value(found.temperature->abnormal) : sdk::Value(false)}};
}

sdk::Value diameter_of(const Diagnosis& found) {
  if (!found.diameter) return {};
  const DiameterResult& d = *found.diameter;
  return Object{{"orientation", d.vertical ? "vertical" : "horizontal"},
                {"d_max", d.d_max},
                {"at_max", d.at_max},
                {"d_min", d.d_min},
                {"at_min", d.at_min},
                {"abnormal", d.abnormal}};
}

Array defects_of(const Diagnosis& found) {
  Array out;
  if (!found.defects) return out;
  for (const Defect& d : found.defects->parts) {
    Object part{{"box", box_of(d.box)}, {"area_px", d.area_px}, {"max_celsius", d.max_celsius}};
    if (d.delta_kelvin != 0) part.emplace_back("delta_kelvin", d.delta_kelvin);
    out.emplace_back(std::move(part));
  }
  return out;
}

Array bare_of(const Diagnosis& found) {
  Array out;
  for (const BareSection& b : found.bare) {
    out.emplace_back(Object{{"box", box_of(b.box)},
                            {"from", b.from_share},
                            {"length", b.length_share},
                            {"length_px", b.length_px},
                            {"delta_kelvin", b.delta_kelvin},
                            {"narrower", b.narrower}});
  }
  return out;
}

const cv::Scalar kIntact(90, 200, 90), kDamaged(0, 140, 255), kBare(40, 40, 230);

cv::Scalar colour_of(Kind kind) { return kind == Kind::missing ? kBare : kind == Kind::damaged ? kDamaged : kIntact; }

}  // namespace

Object describe(const Diagnosis& found) {
  Object out{{"diagnosis", name_of(found.kind)}};
  if (!found.reason.empty()) out.emplace_back("reason", found.reason);
  const bool pipe = found.kind != Kind::no_pipe && found.kind != Kind::unreadable;
  out.emplace_back(
      "pipe",
      pipe ? sdk::Value(Object{{"area_px", found.area_px}, {"box", box_of(found.box)}, {"angle_deg", found.angle_deg}})
           : sdk::Value());
  out.emplace_back("temperature", temperature_of(found));
  out.emplace_back("diameter", diameter_of(found));
  out.emplace_back("defects", defects_of(found));
  out.emplace_back("bare_sections", bare_of(found));
  out.emplace_back("confidence", found.confidence);
  return out;
}

sdk::Value describe(const ScaleState& scale) {
  Object out{{"bar", box_of(scale.bar)},
             {"low", scale.limits_known ? sdk::Value(scale.low) : sdk::Value()},
             {"high", scale.limits_known ? sdk::Value(scale.high) : sdk::Value()},
             {"unit", scale.fahrenheit ? "F" : "C"},
             {"certain", scale.limits_known && scale.certain}};
  if (scale.refused) out.emplace_back("refused", true);
  return out;
}

sdk::Value describe(const Disagreement& off) {
  const auto maybe = [](const std::optional<double>& value) { return value ? sdk::Value(*value) : sdk::Value(); };
  return Object{{"median_kelvin", off.median_kelvin},
                {"share_of_span", off.share_of_span},
                {"laid", name_of(off.laid)},
                {"curve_share", off.curve_share},
                {"bend_share", off.bend_share},
                {"low_offset_kelvin", maybe(off.low_offset_kelvin)},
                {"high_offset_kelvin", maybe(off.high_offset_kelvin)}};
}

void add_measurements(const Diagnosis& found, const std::string& zone, sdk::Observations& out) {
  std::vector<sdk::Label> labels;
  if (!zone.empty()) labels.push_back({"zone", zone});
  const auto with = [&](const char* name, const char* value) {
    std::vector<sdk::Label> all{{name, value}};
    all.insert(all.end(), labels.begin(), labels.end());
    return all;
  };
  if (found.temperature) {
    out.measurements.push_back({"pipe_temperature_celsius", found.temperature->max, "celsius", with("stat", "max")});
    out.measurements.push_back({"pipe_temperature_celsius", found.temperature->mean, "celsius", with("stat", "mean")});
  }
  if (found.defects) {
    out.measurements.push_back({"defect_area_px", double(found.defects->area_px), "px", labels});
    out.measurements.push_back({"defect_max_celsius", found.defects->max_celsius, "celsius", labels});
    out.measurements.push_back({"defect_abnormal", found.defects->abnormal ? 1.0 : 0.0, "", labels});
  }
  double bare = 0;
  for (const BareSection& section : found.bare) bare += section.length_share;
  if (!found.bare.empty()) out.measurements.push_back({"bare_length_share", bare, "", labels});
  if (found.heat_loss_watt > 0) out.measurements.push_back({"heat_loss_watt", found.heat_loss_watt, "W", labels});
  out.measurements.push_back({"pipe_confidence", found.confidence, "", labels});
}

void draw(const Diagnosis& found, const std::string& zone, sdk::Overlay& out) {
  if (found.kind == Kind::unreadable || found.kind == Kind::no_pipe) return;
  const cv::Scalar colour = colour_of(found.kind);
  std::vector<cv::Point2d> outline = found.outline;
  if (outline.empty()) {
    const cv::Rect2d b = found.box;
    outline = {b.tl(), {b.br().x, b.y}, b.br(), {b.x, b.br().y}};
  }
  out.lines.push_back({outline, true, colour});
  if (found.defects) {
    for (const Defect& d : found.defects->parts) out.boxes.push_back({cv::Rect2d(d.box), kDamaged, ""});
  }
  for (const BareSection& b : found.bare) out.boxes.push_back({cv::Rect2d(b.box), kBare, ""});
  char text[96] = "";
  if (found.temperature) std::snprintf(text, sizeof text, "%s %.1f C", name_of(found.kind), found.temperature->max);
  out.texts.push_back(
      {cv::Point2d(found.box.x + 4, found.box.y - 6), zone.empty() ? text : zone + ": " + text, colour});
}

}  // namespace lynceus::pipes
