// What the desk's thread has not looked at yet: the newest word of each camera and plugin in a slot, orders in a row.
//
// A newer word replaces an older one, but what was active in between is remembered until it was looked at: a condition
// that came and went still is an alarm. Memory is bounded by the number of cameras, plugins and keys, whatever the
// rate. Owner: AlarmDesk. Thread: any.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/alarms/life.h"
#include "pipeline/camera/report.h"

namespace lynceus::daemon {

struct Word {
  struct Passing {
    sdk::Condition condition;
    MonoTime captured{};
  };
  struct Happened {
    sdk::Event event;
    MonoTime captured{};
    std::int64_t times = 1;
  };
  std::shared_ptr<const sdk::Observations> newest;  ///< null: only events
  MonoTime captured{};
  std::map<std::string, Passing> passing;  ///< by key: active in a word that nobody looked at
  std::map<std::string, Happened> events;  ///< by key
};

class DeskInbox {
 public:
  static constexpr std::size_t kMaxOrders = 10'000;

  using Order = std::function<void(Moment)>;

  /// True when the thread should look at once, not only when it comes by.
  bool report(const camera::FrameReport& report);
  /// False: too many wait already (only orders that may be refused).
  bool order(Order order, bool may_refuse);

  struct Content {
    std::map<SourceName, Word> words;
    std::vector<Order> orders;
  };
  Content take();
  bool empty() const;

 private:
  using Active = std::vector<std::pair<std::string, sdk::Severity>>;

  mutable std::mutex mutex_;
  std::map<SourceName, Word> words_;     // guarded by mutex_
  std::map<SourceName, Active> active_;  // guarded by mutex_; as last said
  std::vector<Order> orders_;            // guarded by mutex_
};

}  // namespace lynceus::daemon
