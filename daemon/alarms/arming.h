// Whether alarms may be raised at a time of day in a time zone (`cameras.<id>.arm`).
// Thread: any (immutable).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::daemon {

class LocalTime {
 public:
  /// An IANA name; empty or unknown: the system's.
  explicit LocalTime(const std::string& zone);

  struct Moment {
    int day = 0;  ///< 0 = Monday
    std::chrono::minutes time{0};
  };
  Moment at(WallTime time) const;

 private:
  std::shared_ptr<void> zone_;  ///< GTimeZone
};

/// An empty list: always. A window whose end is not after its begin runs into the next day.
bool armed(const std::vector<camera::ArmWindow>& windows, LocalTime::Moment moment);

}  // namespace lynceus::daemon
