// What the desk's thread does, round by round: take what came, let the engine decide, write, tell.
//
//   words, orders ─► engine ─► batch ─► alarms.db ─► listeners, sinks, those who asked
//                                  └─ refused: told with durable=false, kept, tried again
//
// Owner: AlarmDesk. Thread: round() the desk's alone.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "daemon/alarms/alarm_desk.h"
#include "daemon/alarms/alarm_store.h"
#include "daemon/alarms/batch.h"
#include "daemon/alarms/desk_inbox.h"
#include "daemon/alarms/desk_outbox.h"
#include "daemon/alarms/engine.h"
#include "daemon/alarms/live_alarms.h"

namespace lynceus::daemon {

class DeskThread {
 public:
  struct Around {
    Clock& clock;
    DeskInbox& inbox;
    LiveAlarms& live;
    DeskOutbox& outbox;
  };
  DeskThread(const AlarmDesk::Settings& settings, const config::Config& config, AlarmStore& store, Around around);

  void add_listener(AlarmListener& listener) { listeners_.push_back(&listener); }
  /// Does what there is to do; `now_or_never`: also writes what would have waited for company.
  void round(bool now_or_never);
  /// When to come by even if nobody calls.
  MonoTime next() const;
  bool owes() const { return !batch_.empty() || !untold_.empty() || !dones_.empty(); }

  bool durable() const { return durable_.load(); }
  MonoTime writing_since() const { return MonoTime(MonoTime::duration(writing_since_ns_.load())); }

  // Orders, from inside a round.
  void acknowledge(const std::string& id, const std::string& who, AlarmDesk::Done done, Moment now);
  void shelve(const std::string& id, std::chrono::minutes time, const std::string& who, AlarmDesk::Done done,
              Moment now);
  void shelve_site(std::chrono::minutes time, const std::string& who, AlarmDesk::Done done, Moment now);
  void clear(const std::string& id, const std::string& who, AlarmDesk::Done done, Moment now);
  void evidence(const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from, Moment now);
  void evidence_gone(const std::vector<std::string>& ids, bool snapshots, bool clips);
  AlarmEngine& engine() { return engine_; }

 private:
  Moment moment() const { return {clock_.now(), clock_.wall()}; }
  void obey(const DeskInbox::Order& order, Moment now);
  void look_at(const SourceName& source, const Word& word, Moment now);
  void gather(Moment now);
  void add(const Decision& decision, Moment now);
  void commit(Moment now);
  bool write(Moment now);
  void tell(Moment now);
  void show();
  void tidy(Moment now);
  void look_at_space(Moment now);
  std::optional<Kept> kept(const std::string& id);
  /// A change of an alarm that is over.
  void revise(Kept kept, AlarmChange::Type type, Moment now);
  void answer(const AlarmDesk::Done& done, AlarmDesk::Result::Outcome outcome, const std::string& id);

  const AlarmDesk::Settings settings_;
  Clock& clock_;
  DeskInbox& inbox_;
  LiveAlarms& live_;
  DeskOutbox& outbox_;
  AlarmStore& store_;
  std::vector<AlarmListener*> listeners_;
  AlarmEngine engine_;
  std::int64_t next_row_;
  Batch batch_;
  std::vector<AlarmChange> untold_;
  std::set<std::string> sinks_;   ///< with rows nobody told them of
  std::set<std::string> unseen_;  ///< ids whose looks changed
  std::set<std::string> fresh_;   ///< ids in the batch that nobody has seen there
  std::int64_t shown_row_ = 0;    ///< the last that was shown from memory
  std::vector<std::function<void()>> dones_;
  MonoTime not_before_{}, next_tidy_{}, next_space_{};
  log::Limiter limiter_{10};
  std::atomic<bool> durable_{true};
  std::atomic<std::int64_t> writing_since_ns_{0};
};

}  // namespace lynceus::daemon
