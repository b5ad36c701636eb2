// The rules of alarms, as a machine without threads, files or clocks: words and time in, decisions out.
//
// Every call says when it happens. What is decided is taken with take(); what only looks different (a value, pending)
// is in touched(). A clear always follows a raise: alarms of before the start are given to restore() and end like any
// other. Owner: AlarmDesk. Thread: bound to its owner.
//
//   engine.conditions({"lobby", "health"}, list, captured, now);
//   for (const Decision& d : engine.take()) write(d);
//   if (engine.due()) wait_until(*engine.due()); engine.tick(now);
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/alarms/life.h"
#include "daemon/alarms/routing.h"
#include "daemon/alarms/rulebook.h"
#include "daemon/alarms/uuid7.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::daemon {

/// A change, whom to tell, and what must be kept beside the alarm.
struct Decision {
  AlarmChange change;
  std::vector<Notice> notices;
  std::vector<std::string> told;
  std::optional<WallTime> held_until;
};

/// What is kept of a raised alarm over a restart.
struct Kept {
  Alarm alarm;
  std::vector<std::string> told;
  std::optional<WallTime> held_until;
};

struct Shelf {
  std::string camera, plugin, key;  ///< all empty: the site
  WallTime until{};
};

class AlarmEngine {
 public:
  static constexpr std::size_t kMaxKeys = 256;  ///< of a camera and plugin
  /// Conditions of the daemon itself that nobody repeats within so long after the start are over.
  static constexpr std::chrono::seconds kOwnGrace{60};

  AlarmEngine(Rulebook rules, Moment now);

  void restore(std::vector<Kept> raised, std::vector<Shelf> shelves, Moment now);

  void conditions(const SourceName& source, std::span<const sdk::Condition> list, MonoTime captured, Moment now);
  void event(const SourceName& source, const sdk::Event& event, std::int64_t times, MonoTime captured, Moment now);
  void camera_state(const std::string& camera, ingest::TransportState state, const std::string& reason, Moment now);
  void own(const std::string& camera, const sdk::Condition& condition, Moment now);
  void configured(Rulebook rules, Moment now);
  void tick(Moment now);
  std::optional<MonoTime> due() const;

  /// False: no pending or raised alarm of that id.
  bool knows(const std::string& id) const { return by_id_.contains(id); }
  const Alarm* find(const std::string& id) const;
  void acknowledge(const std::string& id, const std::string& who, Moment now);
  void shelve(const Alarm& alarm, std::chrono::minutes time, Moment now);
  void shelve_site(std::chrono::minutes time, Moment now);
  bool clear(const std::string& id, Moment now);  ///< false while it is active
  void evidence(const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from, Moment now);
  void evidence_gone(const std::string& id, bool snapshot, bool clip);

  std::vector<Decision> take() { return std::exchange(decisions_, {}); }
  /// Ids whose alarm looks different since the last call, decided or not.
  std::set<std::string> touched() { return std::exchange(touched_, {}); }
  /// Shelves that came, went or changed since the last call; until = epoch: gone.
  std::vector<Shelf> shelved() { return std::exchange(shelf_changes_, {}); }
  std::optional<WallTime> site_shelved_until() const { return site_shelved_until_; }
  const Rulebook& rules() const { return rules_; }

 private:
  using Lives = std::map<std::string, Life>;
  struct Camera {
    bool streaming = false;
    MonoTime since{};
    bool lost = false;
  };

  Life* at(const SourceName& source, const std::string& key, bool make);
  void say(Life& life, const sdk::Condition& condition, bool active, MonoTime captured, Moment now);
  void too_many(const SourceName& source, std::size_t more, Moment now);
  void settle(Life& life, Moment now);
  void settle_raised(Life& life, const Rule& rule, Moment now);
  void begin(Life& life, Moment now);
  void raise(Life& life, Moment now);
  void end(Life& life, const std::string& reason, Moment now);
  void rest(Life& life, Moment now);
  void forget(Life& life);
  void decide(Life& life, AlarmChange::Type type, Moment now);
  void schedule(Life& life, std::optional<MonoTime> due);
  void unshelve(Life& life, Moment now);
  void stop(Life& life, const std::string& reason, Moment now);
  void put_shelf(const Shelf& shelf);
  bool quiet(const Life& life, Moment now) const;
  Camera& camera(const std::string& id, MonoTime now);
  void lose_cameras(Moment now);
  void end_site_shelf(Moment now);
  std::vector<Life*> all();
  static bool of_transport(const Life& life);
  Life* life(const std::string& id);

  Rulebook rules_;
  Uuid7 ids_;
  const MonoTime started_;
  bool own_settled_ = false;
  std::map<SourceName, Lives> sources_;
  std::unordered_map<std::string, Life*> by_id_;
  std::set<std::pair<MonoTime, Life*>> timers_;
  std::map<std::string, Camera> cameras_;
  std::map<std::tuple<std::string, std::string, std::string>, WallTime> shelves_;
  std::optional<WallTime> site_shelved_until_;
  std::vector<Decision> decisions_;
  std::set<std::string> touched_;
  std::vector<Shelf> shelf_changes_;
};

}  // namespace lynceus::daemon
