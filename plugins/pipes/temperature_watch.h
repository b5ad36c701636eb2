// Limits of a pipe's temperature: pre-alarm and alarm with a deadband, rate of rise, difference to a reference area.
//
// The rate is the slope of a straight line through the last minute, so that noise does not rise. Thread: bound to the
// analyzer.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "plugins/pipes/settings.h"
#include "plugins/sdk/observations.h"

namespace lynceus::pipes {

class TemperatureWatch {
 public:
  TemperatureWatch(const TemperatureLimits& limits, std::string zone) : limits_(limits), zone_(std::move(zone)) {}

  /// Nothing: no temperature at this look; what was so stays so. `reference` is the mean of the reference area.
  void update(std::optional<double> hottest, std::optional<double> reference, double time_s, bool still);
  /// One for each limit that is set.
  std::vector<sdk::Condition> conditions() const;
  bool over() const { return over_; }

 private:
  void judge_rise(double hottest, double time_s, bool still);
  sdk::Condition condition(const char* kind, bool active, sdk::Severity severity, const char* summary, double value,
                           double limit, const char* unit) const;

  TemperatureLimits limits_;
  std::string zone_;
  std::deque<std::pair<double, double>> past_;  ///< time, temperature
  double hottest_ = 0, rate_ = 0, difference_ = 0;
  bool over_ = false, pre_ = false, rising_ = false, differs_ = false;
};

}  // namespace lynceus::pipes
