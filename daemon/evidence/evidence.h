// What an alarm is shown with: a picture of the moment, and a clip that begins before it.
//
// Hears of raises on the desk's thread and takes note of the newest picture, nothing else; a thread of its own draws,
// encodes and writes. Clips come out of a ring of coded pictures a camera (ring.h), never decoded or encoded again. A
// camera has at most one picture a second and one clip at a time; alarms that fall together share them. Evidence is
// best effort: what the disk or a bound refuses is left out, alarms go on. Owner: app. Thread: any; a CameraEvidence is
// bound to its owner.
//
//   Evidence evidence({board, clock, directory, settings, words_of(desk)});
//   desk.add_listener(evidence);   evidence.start();                        // after desk.start()
//   auto camera = evidence.camera(settings);                                // throws for an impossible `evidence` URL
//   auto source = make_source(id, settings.source, clock, frames, states, camera->sink());
//   camera->start();                                    // destroyed after the source and before the Evidence
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "config/alarm_settings.h"
#include "daemon/alarms/alarm_desk.h"
#include "daemon/evidence/clip_job.h"
#include "daemon/evidence/evidence_store.h"
#include "daemon/live/live_board.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::daemon {

/// What evidence has to say; each as the AlarmDesk's function of that name. Called on its thread.
struct EvidenceWords {
  std::function<void(const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from)> evidence;
  std::function<void(const std::vector<std::string>& ids, bool snapshots, bool clips)> evidence_gone;
  std::function<void(const sdk::Condition&)> own;
};
EvidenceWords words_of(AlarmDesk& desk);

/// One camera's part: its ring, and the source of its `evidence` stream where it has one.
class CameraEvidence {
 public:
  virtual ~CameraEvidence() = default;
  /// What the camera's `detect` source feeds; null: nothing is to be kept of it.
  virtual std::shared_ptr<ingest::EncodedSink> sink() const = 0;
  /// From now on it is this camera's evidence; the one before it, if any, is forgotten.
  virtual void start() = 0;
};

class Evidence final : public AlarmListener {
 public:
  struct Parts {
    LiveBoard& board;
    Clock& clock;
    std::string directory;  ///< made when it is not there
    config::EvidenceSettings settings;
    EvidenceWords words;
  };
  /// Throws std::runtime_error when the folder cannot be made.
  explicit Evidence(Parts parts);
  ~Evidence() override;  ///< clips end with what they have

  void start();
  std::unique_ptr<CameraEvidence> camera(const camera::CameraSettings& settings);
  void on_changes(std::span<const AlarmChange> changes) override;

  const EvidenceFiles& files() const { return store_; }
  std::int64_t snapshot_bytes() const { return store_.bytes(EvidenceStore::Kind::snapshot); }
  std::int64_t clip_bytes() const { return store_.bytes(EvidenceStore::Kind::clip); }

 private:
  class Camera;
  class Registration;
  struct Raise {
    std::shared_ptr<Camera> camera;
    std::string alarm;
    MonoTime at{};
    SnapshotPtr picture;  ///< null: shares the last one
  };

  void run(std::stop_token stop);
  std::deque<Raise> wait(std::stop_token stop);
  void take(const Raise& raise);
  void take_picture(const Raise& raise);
  void take_clip(const Raise& raise);
  using Clips = std::map<std::shared_ptr<Camera>, std::unique_ptr<ClipJob>>;
  Clips::iterator tick(Clips::iterator at);
  void tick_clips();
  void end_clips();
  void tell_clip(const ClipJob& job);
  void make_room();
  void housekeep();
  void trouble(const std::string& what);
  void tell_storage();

  const Parts parts_;
  EvidenceStore store_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, std::shared_ptr<Camera>> cameras_;  // guarded by mutex_
  std::deque<Raise> raises_;                                // guarded by mutex_
  int pictures_waiting_ = 0;                                // guarded by mutex_

  // The thread's own.
  Clips clips_;
  MonoTime housekept_{};
  std::optional<MonoTime> trouble_at_;
  std::string trouble_;
  bool told_low_ = false;
  log::Limiter limiter_{10};
  std::jthread thread_;
};

}  // namespace lynceus::daemon
