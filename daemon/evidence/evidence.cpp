#include "daemon/evidence/evidence.h"

#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

#include "daemon/evidence/snapshot.h"
#include "daemon/live/veil.h"

namespace lynceus::daemon {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRaises = 4096;        // a flood; beyond it the oldest go without evidence
constexpr int kPictures = 16;                // waiting to be drawn: each holds a decoder's picture
constexpr int kSharers = 16;                 // of one picture
constexpr MonoTime::duration kBetween = 1s;  // pictures of one camera
constexpr MonoTime::duration kTick = 500ms;  // of clips
constexpr MonoTime::duration kHousekeeping = 10s;
constexpr MonoTime::duration kTroubled = 10min;  // after the last sign of it
constexpr MonoTime::duration kLate = 5s;         // a raise may be heard so long after its frame

Ring::Settings ring_settings(const config::EvidenceSettings& settings) {
  return {static_cast<std::size_t>(settings.ring_bytes), settings.ring_time, settings.before + kLate};
}

EvidenceStore::Settings store_settings(const Evidence::Parts& parts) {
  EvidenceStore::Settings settings;
  settings.directory = parts.directory;
  settings.max_bytes = parts.settings.max_bytes;
  settings.max_age = parts.settings.max_age;
  return settings;
}

/// A clip shows all there is: where a part of the picture is private, there is none.
bool keeps_clips(const config::EvidenceSettings& settings, const camera::CameraSettings& camera) {
  return settings.clips && camera.enabled && camera.privacy == camera::Privacy::none && camera.privacy_masks.empty();
}

}  // namespace

EvidenceWords words_of(AlarmDesk& desk) {
  return {[&desk](const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from) {
            desk.evidence(id, snapshot, clip, clip_from);
          },
          [&desk](const std::vector<std::string>& ids, bool snapshots, bool clips) {
            desk.evidence_gone(ids, snapshots, clips);
          },
          [&desk](const sdk::Condition& condition) { desk.own("", condition); }};
}

class Evidence::Camera {
 public:
  Camera(const camera::CameraSettings& settings, const config::EvidenceSettings& evidence)
      : id(settings.id),
        pictures(evidence.snapshots && settings.privacy != camera::Privacy::no_evidence),
        veil(veil_of(settings)),
        ring(keeps_clips(evidence, settings) ? std::make_shared<Ring>(ring_settings(evidence)) : nullptr) {}

  const std::string id;
  const bool pictures;
  const Veil veil;
  const std::shared_ptr<Ring> ring;  // null: no clips

  std::optional<MonoTime> pictured;  // guarded by Evidence::mutex_

  // Evidence's thread.
  std::string shared;  ///< alarm of the newest picture
  int sharers = 0;
};

class Evidence::Registration final : public CameraEvidence {
 public:
  Registration(Evidence& evidence, const camera::CameraSettings& settings)
      : evidence_(evidence), camera_(std::make_shared<Camera>(settings, evidence.parts_.settings)) {
    if (camera_->ring && !settings.source.evidence.empty())
      source_ = ingest::make_evidence_source(settings.id, settings.source, evidence.parts_.clock, camera_->ring);
  }
  ~Registration() override {
    source_.reset();
    std::lock_guard lock(evidence_.mutex_);
    const auto found = evidence_.cameras_.find(camera_->id);
    if (found != evidence_.cameras_.end() && found->second == camera_) evidence_.cameras_.erase(found);
  }
  std::shared_ptr<ingest::EncodedSink> sink() const override { return source_ ? nullptr : camera_->ring; }
  void start() override {
    {
      std::lock_guard lock(evidence_.mutex_);
      evidence_.cameras_[camera_->id] = camera_;
    }
    if (source_) source_->start();
  }

 private:
  Evidence& evidence_;
  const std::shared_ptr<Camera> camera_;
  std::unique_ptr<ingest::CameraSource> source_;
};

Evidence::Evidence(Parts parts)
    : parts_(std::move(parts)),
      store_(
          store_settings(parts_), parts_.clock, [this](const std::vector<std::string>& ids, EvidenceStore::Kind kind) {
            parts_.words.evidence_gone(ids, kind == EvidenceStore::Kind::snapshot, kind == EvidenceStore::Kind::clip);
          }) {}

Evidence::~Evidence() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Evidence::start() {
  if (thread_.joinable()) return;
  for (const std::string& alarm : store_.adopted()) parts_.words.evidence(alarm, false, true, std::nullopt);
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

std::unique_ptr<CameraEvidence> Evidence::camera(const camera::CameraSettings& settings) {
  return std::make_unique<Registration>(*this, settings);
}

// ---- the desk's thread -------------------------------------------------------------------------------------------

void Evidence::on_changes(std::span<const AlarmChange> changes) {
  const MonoTime now = parts_.clock.now();
  std::deque<Raise> dropped;  // let go after the lock
  std::lock_guard lock(mutex_);
  for (const AlarmChange& change : changes) {
    if (change.type != AlarmChange::Type::raised) continue;
    const auto found = cameras_.find(change.alarm.camera);
    if (found == cameras_.end()) continue;
    Camera& camera = *found->second;
    if (!camera.pictures && !camera.ring) continue;
    Raise raise{found->second, change.alarm.id, change.captured == MonoTime{} ? now : change.captured, nullptr};
    const bool due = !camera.pictured || now - *camera.pictured >= kBetween;
    if (camera.pictures && due && pictures_waiting_ < kPictures) {
      raise.picture = parts_.board.newest(camera.id);
      if (raise.picture) {
        camera.pictured = now;
        ++pictures_waiting_;
      }
    }
    if (raises_.size() >= kRaises) {
      if (raises_.front().picture) --pictures_waiting_;
      dropped.push_back(std::move(raises_.front()));
      raises_.pop_front();
    }
    raises_.push_back(std::move(raise));
  }
  changed_.notify_all();
}

// ---- its own thread ----------------------------------------------------------------------------------------------

void Evidence::run(std::stop_token stop) {
  housekeep();
  while (!stop.stop_requested()) {
    for (const Raise& raise : wait(stop)) take(raise);
    tick_clips();
    if (parts_.clock.now() - housekept_ >= kHousekeeping) housekeep();
  }
  end_clips();
}

std::deque<Evidence::Raise> Evidence::wait(std::stop_token stop) {
  const MonoTime until = clips_.empty() ? housekept_ + kHousekeeping : parts_.clock.now() + kTick;
  std::unique_lock lock(mutex_);
  parts_.clock.wait_until(lock, changed_, std::move(stop), until, [&] { return !raises_.empty(); });
  pictures_waiting_ = 0;
  return std::exchange(raises_, {});
}

void Evidence::take(const Raise& raise) {
  if (!store_.room() && (store_.tidy(), !store_.room())) return trouble("the disk is full, evidence has stopped");
  if (raise.camera->ring) take_clip(raise);  // first: the ring does not wait
  if (raise.camera->pictures) take_picture(raise);
}

void Evidence::take_picture(const Raise& raise) {
  Camera& camera = *raise.camera;
  if (!raise.picture) {
    if (camera.shared.empty() || camera.sharers >= kSharers) return;
    if (!store_.share(camera.shared, raise.alarm, EvidenceStore::Kind::snapshot)) return;
    ++camera.sharers;
    return parts_.words.evidence(raise.alarm, true, false, std::nullopt);
  }
  camera.shared.clear();
  try {
    if (!store_.put(raise.alarm, snapshot_of(*raise.picture, camera.veil)))
      return trouble("a picture cannot be written");
  } catch (const std::exception& error) {
    return log::warning("evidence", "a picture cannot be made", {{"camera", camera.id}, {"why", error.what()}});
  }
  camera.shared = raise.alarm;
  camera.sharers = 0;
  parts_.words.evidence(raise.alarm, true, false, std::nullopt);
  make_room();
}

void Evidence::take_clip(const Raise& raise) {
  const auto at = clips_.try_emplace(raise.camera).first;
  auto& job = at->second;
  if (job && job->holds(raise.at)) {
    job->join(raise.alarm);
    return;
  }
  if (job && job->finish() == ClipJob::Step::done) tell_clip(*job);
  job = std::make_unique<ClipJob>(raise.camera->ring, raise.alarm, raise.at,
                                  ClipJob::Span{parts_.settings.before, parts_.settings.after});
  tick(at);
}

void Evidence::tick_clips() {
  for (auto at = clips_.begin(); at != clips_.end();) at = tick(at);
}

Evidence::Clips::iterator Evidence::tick(Clips::iterator at) {
  const ClipJob::Step step = at->second->tick(store_, parts_.clock.now());
  if (step == ClipJob::Step::done) tell_clip(*at->second);
  return step == ClipJob::Step::going ? std::next(at) : clips_.erase(at);
}

void Evidence::end_clips() {
  for (const auto& [camera, job] : clips_) {
    if (job->finish() == ClipJob::Step::done) tell_clip(*job);
  }
  clips_.clear();
}

void Evidence::tell_clip(const ClipJob& job) {
  std::optional<WallTime> from;
  if (const auto late = job.begins_late())
    from = parts_.clock.wall() - std::chrono::duration_cast<WallTime::duration>(parts_.clock.now() - *late);
  for (const std::string& alarm : job.alarms()) parts_.words.evidence(alarm, false, true, from);
  make_room();
}

void Evidence::make_room() {
  if (store_.tidy()) trouble("the disk is full, the oldest evidence goes");
}

void Evidence::housekeep() {
  housekept_ = parts_.clock.now();
  make_room();
  if (trouble_at_ && housekept_ - *trouble_at_ > kTroubled && store_.room()) trouble_at_.reset();
  tell_storage();
}

void Evidence::trouble(const std::string& what) {
  const MonoTime now = parts_.clock.now();
  if (limiter_.allow(std::chrono::duration<double>(now.time_since_epoch()).count()))
    log::warning("evidence", what, {{"folder", parts_.directory}});
  trouble_at_ = now;
  trouble_ = what;
  tell_storage();
}

void Evidence::tell_storage() {
  if (trouble_at_.has_value() == told_low_) return;
  told_low_ = trouble_at_.has_value();
  sdk::Condition condition;
  condition.kind = "storage_low";
  condition.zone = "evidence";  // a key of our own: the desk says each ten seconds what it thinks of the disk
  condition.active = told_low_;
  condition.severity = sdk::Severity::warning;
  condition.summary = told_low_ ? trouble_ : "there is room for evidence again";
  parts_.words.own(condition);
}

}  // namespace lynceus::daemon
