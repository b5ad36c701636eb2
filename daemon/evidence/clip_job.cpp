#include "daemon/evidence/clip_job.h"

#include <span>

namespace lynceus::daemon {
namespace {

using namespace std::chrono_literals;

constexpr MonoTime::duration kPatience = 3s;  // with a stream that has stopped, behind the end
constexpr std::size_t kSharers = 64;

}  // namespace

ClipJob::ClipJob(std::shared_ptr<const Ring> ring, const std::string& alarm, MonoTime raised, const Span& span)
    : ring_(std::move(ring)), alarms_{alarm}, wanted_(raised - span.before), end_(raised + span.after) {}

bool ClipJob::join(const std::string& alarm) {
  if (alarms_.size() >= kSharers || (file_ && !file_->share(alarm))) return false;
  alarms_.push_back(alarm);
  return true;
}

bool ClipJob::open(EvidenceStore& store) {
  file_ = store.grow_clip(alarms_.front());
  if (!file_) return false;
  std::erase_if(alarms_, [&](const std::string& alarm) { return alarm != alarms_.front() && !file_->share(alarm); });
  return true;
}

ClipJob::Step ClipJob::tick(EvidenceStore& store, MonoTime now) {
  if (!at_) {
    begin_ = at_ = ring_->begin(wanted_);
    if (!at_ || at_->arrived > end_) {
      at_ = begin_ = std::nullopt;
      return now > end_ + kPatience ? Step::failed : Step::going;
    }
    if (!open(store)) return Step::failed;
  }
  for (;;) {
    const Ring::Part part = ring_->read(*at_, end_);
    for (const ingest::EncodedUnit& unit : part.units) {
      if (!clip_) {
        clip_ = std::make_unique<ClipFile>(unit.format, [this](auto bytes) { return file_->append(bytes); });
        if (!clip_->begin()) return Step::failed;
      }
      if (!clip_->add(unit)) return Step::failed;
    }
    at_ = part.next;
    if (part.over) return finish();
    if (part.units.empty()) break;
  }
  return now > end_ + kPatience ? finish() : Step::going;
}

ClipJob::Step ClipJob::finish() {
  if (!clip_ || clip_->empty() || !clip_->end()) return Step::failed;
  file_->overwrite(clip_->duration_at(), clip_->duration());
  alarms_ = file_->finish();
  return alarms_.empty() ? Step::failed : Step::done;
}

std::optional<MonoTime> ClipJob::begins_late() const {
  if (!begin_ || begin_->arrived <= wanted_) return std::nullopt;
  return begin_->arrived;
}

}  // namespace lynceus::daemon
