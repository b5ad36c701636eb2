#include "tests/integration/evidence_stage.h"

#include <exception>

#include "pipeline/ingest/reader.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 40s;

}  // namespace

EvidenceStage::EvidenceStage(const std::string& spec, const Settings& settings)
    : simulator_({"cam=" + spec}), board_(system_clock()) {
  daemon::EvidenceWords words;
  words.evidence = [this](const std::string& id, bool, bool clip, std::optional<WallTime> from) {
    std::lock_guard lock(mutex_);
    if (clip) words_[id] = {true, from};
    changed_.notify_all();
  };
  words.evidence_gone = [](const std::vector<std::string>&, bool, bool) {};
  words.own = [](const sdk::Condition&) {};
  evidence_ = std::make_unique<Evidence>(
      Evidence::Parts{board_, system_clock(), folder_ / "evidence", settings.evidence, std::move(words)});
  evidence_->start();

  camera::CameraSettings camera;
  camera.id = "cam";
  (settings.as_evidence_stream ? camera.source.evidence : camera.source.detect) = simulator_.url("cam");
  camera_ = evidence_->camera(camera);
  if (!settings.as_evidence_stream) {
    source_ = ingest::make_source("cam", camera.source, system_clock(), *this, nullptr, camera_->sink());
    source_->start();
  }
  camera_->start();
}

EvidenceStage::~EvidenceStage() {
  source_.reset();
  camera_.reset();
}

void EvidenceStage::on_frame(sdk::FramePtr) {
  std::lock_guard lock(mutex_);
  ++pictures_;
  changed_.notify_all();
}

bool EvidenceStage::stream_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  Clock& clock = system_clock();
  if (source_ && !clock.wait_until(lock, changed_, {}, clock.now() + kPatience, [&] { return pictures_ > 0; }))
    return false;
  clock.wait_until(lock, changed_, {}, clock.now() + time, [] { return false; });
  return true;
}

std::string EvidenceStage::id_of(int alarm) {
  std::string digits = std::to_string(alarm);
  return "00000000-0000-7000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

void EvidenceStage::raise(int alarm) {
  daemon::AlarmChange change;
  change.type = daemon::AlarmChange::Type::raised;
  change.alarm.id = id_of(alarm);
  change.alarm.camera = "cam";
  change.captured = system_clock().now();
  evidence_->on_changes(std::span(&change, 1));
}

bool EvidenceStage::until_clip(int alarm) {
  std::unique_lock lock(mutex_);
  Clock& clock = system_clock();
  return clock.wait_until(lock, changed_, {}, clock.now() + kPatience, [&] { return words_.contains(id_of(alarm)); });
}

std::optional<WallTime> EvidenceStage::clip_from(int alarm) const {
  std::lock_guard lock(mutex_);
  return words_.at(id_of(alarm)).from;
}

std::string EvidenceStage::clip(int alarm) const { return folder_ / ("evidence/" + id_of(alarm) + ".mp4"); }
std::string EvidenceStage::unfinished(int alarm) const { return clip(alarm) + ".part"; }

void EvidenceStage::end_evidence() {
  source_.reset();
  camera_.reset();
  evidence_.reset();
}

Played play(const std::string& video) {
  Played played;
  try {
    const auto reader = ingest::open_reader(video);
    while (const auto picture = reader->next()) {
      ++played.pictures;
      played.seconds = picture->time_s;
      played.size = picture->picture->size();
    }
  } catch (const std::exception& error) {
    played.trouble = error.what();
  }
  return played;
}

}  // namespace lynceus::test
