#include "plugins/pipes/area_watch.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

namespace lynceus::pipes {
namespace {

constexpr double kSaveEvery_s = 60;

std::string drift_name(const AreaSettings& area) { return "pipes.drift." + area.name; }

cv::Rect around(const sdk::Polygon& polygon, cv::Size size) {
  double left = 1, top = 1, right = 0, bottom = 0;
  for (const cv::Point2d& p : polygon) {
    left = std::min(left, p.x), right = std::max(right, p.x);
    top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  }
  return cv::Rect(cv::Point(cvFloor(left * size.width), cvFloor(top * size.height)),
                  cv::Point(cvCeil(right * size.width), cvCeil(bottom * size.height))) &
         cv::Rect({0, 0}, size);
}

/// 255 inside the polygon, for a part of the picture.
cv::Mat inside_of(const sdk::Polygon& polygon, cv::Size size, const cv::Rect& part) {
  cv::Mat mask = cv::Mat::zeros(part.size(), CV_8U);
  std::vector<cv::Point> corners;
  for (const cv::Point2d& p : polygon) {
    corners.emplace_back(cvRound(std::clamp(p.x, -1.0, 2.0) * size.width) - part.x,
                         cvRound(std::clamp(p.y, -1.0, 2.0) * size.height) - part.y);
  }
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255));
  return mask;
}

void move_to_picture(Diagnosis& found, cv::Point at) {
  found.box += at;
  if (found.defects) {
    for (Defect& d : found.defects->parts) d.box += at;
  }
  for (BareSection& b : found.bare) b.box += at;
  for (cv::Point2d& p : found.outline) p += cv::Point2d(at);
}

/// Temperatures as the red and the blue plane of a picture that has neither.
cv::Mat scaled_to_bytes(const cv::Mat& celsius) {
  double least = 0, greatest = 0;
  cv::minMaxLoc(celsius, &least, &greatest);
  cv::Mat out;
  const double scale = greatest > least ? 255 / (greatest - least) : 0;
  celsius.convertTo(out, CV_8U, scale, -least * scale);
  return out;
}

}  // namespace

AreaWatch::AreaWatch(const Settings& settings, const AreaSettings& area, sdk::State& state)
    : settings_(settings),
      area_(area),
      state_(state),
      judge_(area.pipe),
      temperatures_(area.limits, area.name),
      drift_(area.pipe.drift_kelvin, area.pipe.drift_after_s, area.name) {
  if (const auto blob = state_.read(drift_name(area_))) drift_.restore(*blob);
}

cv::Rect AreaWatch::crop_of(cv::Size size, const cv::Rect& usable) const {
  if (!area_.polygon.empty()) return around(area_.polygon, size);
  if (!settings_.roi.empty()) return to_pixels(settings_.roi, size);
  return usable;
}

Diagnosis AreaWatch::by_seed(const sdk::Frame& frame, Thermometer& thermometer, const cv::Rect& crop) {
  cv::Mat red, blue, celsius;
  const bool radiometric = thermometer.source() == Source::radiometric;
  if (radiometric) {
    cv::Mat all, known;
    thermometer.celsius(frame, {area_.emissivity, area_.reflected_celsius}, all, known);
    celsius = all(crop).clone();
    red = blue = scaled_to_bytes(celsius);
  } else {
    cv::extractChannel(frame.bgr()(crop), red, 2);
    cv::extractChannel(frame.bgr()(crop), blue, 0);
  }
  const cv::Mat pipe = seed::segment(red, settings_.seed);
  if (!radiometric && !pipe.empty()) thermometer.nearest(frame, crop, pipe, celsius);
  return seed::diagnose(pipe, blue, celsius, settings_.seed);
}

Diagnosis AreaWatch::by_recommended(const cv::Mat& celsius, const cv::Mat& known, const cv::Rect& crop, double time_s,
                                    bool still) {
  if (area_.polygon.empty()) return judge_.look(celsius(crop), known(crop), time_s, still);
  cv::Mat counted;
  cv::bitwise_and(known(crop), inside_of(area_.polygon, known.size(), crop), counted);
  return judge_.look(celsius(crop), counted, time_s, still);
}

const Diagnosis& AreaWatch::look(const sdk::Frame& frame, Thermometer& thermometer, const cv::Rect& usable,
                                 double time_s, bool still) {
  const cv::Rect crop = crop_of(frame.size(), usable);
  if (crop.empty()) {
    unreadable("the region lies outside of the picture", time_s, still);
    return found_;
  }
  std::optional<double> reference;
  if (settings_.profile == Profile::seed) {
    found_ = by_seed(frame, thermometer, crop);
  } else {
    cv::Mat celsius, known;
    thermometer.celsius(frame, {area_.emissivity, area_.reflected_celsius}, celsius, known);
    found_ = by_recommended(celsius, known, crop, time_s, still);
    if (area_.limits.reference.size() >= 3) {
      const cv::Rect all({0, 0}, frame.size());
      const cv::Mat counted = inside_of(area_.limits.reference, frame.size(), all) & known;
      if (cv::countNonZero(counted) > 0) reference = cv::mean(celsius, counted)[0];
    }
  }
  move_to_picture(found_, crop.tl());
  update_alarms(reference, time_s, still);
  return found_;
}

void AreaWatch::unreadable(const std::string& why, double time_s, bool still) {
  found_ = {};
  found_.reason = why;
  update_alarms(std::nullopt, time_s, still);
}

void AreaWatch::update_alarms(std::optional<double> reference, double time_s, bool still) {
  const double raise = still ? 0 : area_.pipe.raise_after_s, clear = still ? 0 : area_.pipe.clear_after_s;
  const bool unknown = found_.kind == Kind::unreadable;
  unreadable_.update(unknown, time_s, raise, clear);
  if (unknown) return;  // nothing is known of the pipe: what was so stays so
  damaged_.update(found_.kind == Kind::damaged, time_s, raise, clear);
  missing_.update(found_.kind == Kind::missing, time_s, raise, clear);
  const auto hottest = found_.temperature ? std::optional(found_.temperature->max) : std::nullopt;
  temperatures_.update(hottest, reference, time_s, still);
  if (still || !judge_.excess_kelvin()) return;
  drift_.update(*judge_.excess_kelvin(), time_s);
  save_drift(time_s);
}

void AreaWatch::save_drift(double time_s) {
  if (saved_at_s_ && time_s >= *saved_at_s_ && time_s - *saved_at_s_ < kSaveEvery_s) return;
  if (saved_at_s_) state_.write(drift_name(area_), drift_.save());
  saved_at_s_ = time_s;
}

sdk::Condition AreaWatch::fault(const char* kind, const Hold& hold, const char* summary) const {
  sdk::Condition out;
  out.kind = kind;
  out.zone = area_.name;
  out.active = hold.active();
  out.severity = sdk::Severity::warning;
  out.summary = summary;
  if (found_.temperature) {
    out.value = found_.temperature->max;
    out.unit = "celsius";
  }
  if (!found_.box.empty()) out.evidence = found_.box;
  return out;
}

void AreaWatch::add_conditions(std::vector<sdk::Condition>& out) const {
  out.push_back(fault("insulation_damaged", damaged_, "The pipe's insulation is damaged"));
  out.push_back(fault("insulation_missing", missing_, "A part of the pipe has lost its insulation"));
  sdk::Condition blind = fault("sensor_unreadable", unreadable_, "Temperatures cannot be read");
  blind.value.reset();
  blind.unit.clear();
  if (!found_.reason.empty() && found_.kind == Kind::unreadable) blind.summary += ": " + found_.reason;
  out.push_back(std::move(blind));
  for (sdk::Condition& condition : temperatures_.conditions()) out.push_back(std::move(condition));
  if (settings_.profile == Profile::seed) return;
  out.push_back(drift_.condition());
  sdk::Condition moved;
  moved.kind = "camera_moved";
  moved.zone = area_.name;
  moved.active = judge_.moved();
  moved.summary = "The pipe is not where it was: the camera was moved";
  out.push_back(std::move(moved));
}

}  // namespace lynceus::pipes
