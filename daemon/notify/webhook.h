// Drives one webhook: schedule, requests, signature, heartbeat. Knows no socket and no timer, so that tests can turn
// its time; webhook_lane.cpp gives it both.
// Thread: bound to its owner, which guards it with a mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "config/alarm_settings.h"
#include "daemon/notify/health.h"
#include "daemon/notify/message.h"
#include "daemon/notify/poster.h"
#include "daemon/notify/schedule.h"

namespace lynceus::daemon::notify {

class Webhook {
 public:
  struct Parts {
    config::SinkSettings sink;
    Sender sender;
    Outbox& outbox;
    std::function<double()> random;                                                ///< [0, 1)
    std::function<void(Post post, std::function<void(const Answer&)> done)> post;  ///< `done` later, under the mutex
    std::function<Now()> now;
    std::function<void(const std::string& result)> counted;
    std::function<void(const sdk::Condition&)> condition;
    std::function<std::size_t()> raised;
  };
  explicit Webhook(Parts parts);

  /// Sends what is due; when to call again, MonoTime::max(): not before something happens.
  MonoTime pump();
  void owed() { schedule_.owed(); }
  void revive();
  void test(std::function<void(bool delivered, const std::string& line)> done);
  const Health& health() const { return health_; }

 private:
  Post request(const Message& message) const;
  void send(Parcel parcel);
  void answered(std::uint64_t parcel, MonoTime sent, const Answer& answer);
  void beat();
  void look(bool count = false);
  std::size_t most_under_way() const;

  const Parts parts_;
  Schedule schedule_;
  Health health_;
  double answer_s_ = 0;  // how long an answer takes, smoothed
  MonoTime next_beat_ = MonoTime::max();
  bool beating_ = false;
  std::int64_t parked_ = 0;  // deliveries; counted now and then, since counting reads them all
  MonoTime next_count_{};
};

}  // namespace lynceus::daemon::notify
