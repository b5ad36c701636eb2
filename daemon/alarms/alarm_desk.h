// The one owner of alarms: takes what analyzers and cameras say, keeps the alarms' lives, writes them, tells everybody.
//
// A thread of its own holds the engine (engine.h) and the SQLite connection that writes. Workers leave the newest
// conditions of a camera and plugin in a slot, so nothing is dropped, only coalesced; events are queued, bounded.
// Changes and the outbox rows they cause are one transaction (group commit ≤ 50 ms, synchronous=FULL); listeners hear
// after COMMIT. While the database refuses writes everything goes on in memory, told with durable=false.
// Owner: app. Thread: any, but for start() and the destructor.
//
//   desk.report(report);   desk.acknowledge(id, "token:ops", [](const AlarmDesk::Result& r) { … });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "daemon/alarms/alarm.h"
#include "daemon/alarms/outbox.h"
#include "pipeline/camera/report.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::daemon {

/// Hears changes on the desk's thread, after they are written. Must return at once and never throw.
class AlarmListener {
 public:
  virtual ~AlarmListener() = default;
  virtual void on_changes(std::span<const AlarmChange> changes) = 0;
};

class AlarmDesk final {
 public:
  struct Settings {
    std::string file;  ///< the database, shared with nobody
    const char* vfs = nullptr;
    std::chrono::milliseconds gather{20};                ///< least time between two commits
    std::chrono::milliseconds retry{1000};               ///< after a failed one
    std::uint64_t low_bytes = std::uint64_t{256} << 20;  ///< less room than that on the disk: storage_low
  };
  /// Throws Error (Exit::fatal) for a database that is damaged or newer. Alarms raised before are raised still.
  AlarmDesk(Settings settings, const config::Config& config, Clock& clock);
  ~AlarmDesk();  ///< writes what is owed, joins

  /// Before start().
  void add_listener(AlarmListener& listener);
  void start();

  // What happens. Never waits.
  void report(const camera::FrameReport& report);
  void camera_state(const std::string& camera, ingest::TransportState state, const std::string& reason);
  /// A condition of the daemon itself (plugin "lynceus"): active or not, as of now. `camera` empty: the site.
  void own(const std::string& camera, const sdk::Condition& condition);
  /// A reload: cameras, analyzers and zones that went are cleared; rules and sinks are as now.
  void configured(const config::Config& config);

  // What people do. `done` is called once, on the desk's thread (or at once when the desk has ended).
  struct Result {
    enum class Outcome { done, unknown, active, unavailable } outcome = Outcome::unavailable;
    std::optional<Alarm> alarm;  ///< as it is now
  };
  using Done = std::function<void(const Result&)>;
  void acknowledge(const std::string& id, const std::string& who, Done done);
  void shelve(const std::string& id, std::chrono::minutes time, const std::string& who, Done done);  ///< 0: no more
  void shelve_site(std::chrono::minutes time, const std::string& who, Done done);
  void clear(const std::string& id, const std::string& who, Done done);
  /// Evidence that came to be: tells of it as an update. `clip_from` where the clip begins later than asked.
  void evidence(const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from = {});

  // What is known.
  struct Query {
    std::optional<Alarm::State> state;
    std::string camera;
    std::optional<sdk::Severity> severity;  ///< exactly this
    std::optional<WallTime> since, until;   ///< of raised_at
    std::size_t limit = 100;                ///< ≤ 1000
    std::string cursor;                     ///< of the page before; empty: the newest
  };
  struct Page {
    std::vector<Alarm> alarms;  ///< newest first
    std::string next;           ///< empty: no more
  };
  /// Throws std::invalid_argument for a cursor that is none of ours, DatabaseError when the disk cannot be read.
  Page list(const Query& query) const;
  std::optional<Alarm> find(const std::string& id) const;
  std::vector<Alarm> raised() const;
  std::optional<WallTime> site_shelved_until() const;
  /// Forgets evidence flags of alarms whose files retention took away.
  void evidence_gone(const std::vector<std::string>& ids, bool snapshots, bool clips);

  Outbox& outbox();

  /// Writes what is owed to the disk now; false when it could not within the time.
  bool flush(std::chrono::milliseconds within);
  bool alive(std::chrono::milliseconds patience) const;  ///< the thread is neither dead nor stuck for longer than this
  bool durable() const;                                  ///< the last write went well
  std::uint64_t bytes() const;                           ///< of the database and its log

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::daemon
