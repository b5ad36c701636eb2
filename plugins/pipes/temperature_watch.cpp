#include "plugins/pipes/temperature_watch.h"

#include <algorithm>

namespace lynceus::pipes {
namespace {

constexpr double kRateWindow_s = 60;
constexpr double kRateLeast_s = 20;  ///< a shorter past has no rate
constexpr double kRateSpacing_s = 0.5;
constexpr std::size_t kMostKept = 200;

bool with_deadband(bool was, double value, double limit, double deadband) {
  return was ? value > limit - deadband : value > limit;
}

}  // namespace

void TemperatureWatch::judge_rise(double hottest, double time_s, bool still) {
  if (still || (!past_.empty() && time_s < past_.back().first)) past_.clear();
  if (still) return;
  if (past_.empty() || time_s - past_.back().first >= kRateSpacing_s) past_.emplace_back(time_s, hottest);
  while (past_.size() > kMostKept || time_s - past_.front().first > kRateWindow_s) past_.pop_front();
  if (past_.size() < 5 || past_.back().first - past_.front().first < kRateLeast_s) {
    rising_ = false;
    return;
  }
  double t = 0, v = 0;
  for (const auto& [at, value] : past_) t += at, v += value;
  t /= static_cast<double>(past_.size()), v /= static_cast<double>(past_.size());
  double both = 0, squares = 0;
  for (const auto& [at, value] : past_) both += (at - t) * (value - v), squares += (at - t) * (at - t);
  rate_ = squares > 0 ? both / squares * 60 : 0;
  if (limits_.rise_kelvin_per_minute) {
    const double limit = *limits_.rise_kelvin_per_minute;
    rising_ = with_deadband(rising_, rate_, limit, limit / 4);
  }
}

void TemperatureWatch::update(std::optional<double> hottest, std::optional<double> reference, double time_s,
                              bool still) {
  if (!hottest) return;
  hottest_ = *hottest;
  const double deadband = still ? 0 : limits_.deadband_kelvin;
  if (limits_.alarm) over_ = with_deadband(over_, hottest_, *limits_.alarm, deadband);
  if (limits_.pre_alarm) pre_ = with_deadband(pre_, hottest_, *limits_.pre_alarm, deadband);
  judge_rise(hottest_, time_s, still);
  if (!limits_.difference_kelvin || !reference) return;
  difference_ = hottest_ - *reference;
  differs_ = with_deadband(differs_, difference_, *limits_.difference_kelvin, deadband);
}

sdk::Condition TemperatureWatch::condition(const char* kind, bool active, sdk::Severity severity, const char* summary,
                                           double value, double limit, const char* unit) const {
  sdk::Condition out;
  out.kind = kind;
  out.zone = zone_;
  out.active = active;
  out.severity = severity;
  out.summary = summary;
  out.value = value;
  out.limit = limit;
  out.unit = unit;
  return out;
}

std::vector<sdk::Condition> TemperatureWatch::conditions() const {
  using enum sdk::Severity;
  std::vector<sdk::Condition> out;
  if (limits_.alarm) {
    out.push_back(
        condition("over_temperature", over_, critical, "The pipe is too hot", hottest_, *limits_.alarm, "celsius"));
  }
  if (limits_.pre_alarm) {
    out.push_back(condition("over_temperature_pre", pre_, warning, "The pipe is getting too hot", hottest_,
                            *limits_.pre_alarm, "celsius"));
  }
  if (limits_.rise_kelvin_per_minute) {
    out.push_back(condition("temperature_rise", rising_, warning, "The pipe's temperature rises fast", rate_,
                            *limits_.rise_kelvin_per_minute, "kelvin/min"));
  }
  if (limits_.difference_kelvin) {
    out.push_back(condition("temperature_difference", differs_, warning,
                            "The pipe is far hotter than its reference area", difference_, *limits_.difference_kelvin,
                            "kelvin"));
  }
  return out;
}

}  // namespace lynceus::pipes
