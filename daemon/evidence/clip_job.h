// One clip of one camera on its way from the ring to the disk, a piece at each tick.
//
//   waiting ──a keyframe is there──► writing ──end reached, stream broke or changed──► done
//      └──────── none until the end ─────────────────────┴──── disk refuses ─────────► failed
//
// Raises that come while it runs share it; its length is the first one's. Owner: Evidence. Thread: its owner's.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/evidence/clip_file.h"
#include "daemon/evidence/evidence_store.h"
#include "daemon/evidence/ring.h"

namespace lynceus::daemon {

class ClipJob {
 public:
  struct Span {
    MonoTime::duration before = std::chrono::seconds{5}, after = std::chrono::seconds{10};
  };
  enum class Step { going, done, failed };

  ClipJob(std::shared_ptr<const Ring> ring, const std::string& alarm, MonoTime raised, const Span& span);

  /// Whether that moment is in it.
  bool holds(MonoTime raised) const { return raised <= end_; }
  /// One more alarm has this clip; false when there are too many.
  bool join(const std::string& alarm);
  Step tick(EvidenceStore& store, MonoTime now);
  /// Ends it with what there is; as the last tick.
  Step finish();

  const std::vector<std::string>& alarms() const { return alarms_; }
  /// When the clip begins, where that is later than asked.
  std::optional<MonoTime> begins_late() const;

 private:
  bool open(EvidenceStore& store);

  const std::shared_ptr<const Ring> ring_;
  std::vector<std::string> alarms_;
  const MonoTime wanted_, end_;
  std::optional<Ring::Place> begin_, at_;
  std::unique_ptr<EvidenceStore::Growing> file_;
  std::unique_ptr<ClipFile> clip_;
};

}  // namespace lynceus::daemon
