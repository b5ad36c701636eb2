// Whether a sink works, and when people are to be told that it does not. Pure: the owner says what time it is.
//
// `delivery_failing` is active while deliveries are parked, or nothing got through for five minutes although there was
// something; `sink_disabled` while the receiver's 410 stands. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "plugins/sdk/observations.h"

namespace lynceus::daemon::notify {

class Health {
 public:
  using Tell = std::function<void(const sdk::Condition&)>;
  Health(std::string sink, Tell tell);

  void succeeded();
  void failed(const std::string& why, MonoTime now);
  void disabled(const std::string& why);
  void revived();
  /// Tells what changed, and everything once: what an earlier process told may be over. `parked`: deliveries that only
  /// a replay brings back.
  void look(std::int64_t parked, MonoTime now);
  /// When look() may have something to say; nothing: not before something happens.
  std::optional<MonoTime> look_at() const;

  bool is_disabled() const { return disabled_; }
  bool healthy() const { return !failing_since_ && !disabled_; }
  const std::string& last_error() const { return last_error_; }

 private:
  void tell(const char* kind, std::optional<bool>& told, bool active, const std::string& summary);

  const std::string sink_;
  const Tell tell_;
  std::string last_error_;
  std::optional<MonoTime> failing_since_;
  bool disabled_ = false;
  std::optional<bool> told_failing_, told_disabled_;
};

}  // namespace lynceus::daemon::notify
