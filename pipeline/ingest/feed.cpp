#include "pipeline/ingest/feed.h"

#include <algorithm>
#include <utility>

namespace lynceus::ingest {

Intake::Intake(std::string camera, double fps, Clock& clock, FrameSink* frames, std::shared_ptr<EncodedSink> encoded)
    : camera_(std::move(camera)),
      clock_(clock),
      decodes_(frames != nullptr),
      keeps_(encoded != nullptr),
      frames_(frames),
      encoded_(std::move(encoded)),
      raster_(fps) {}

std::uint64_t Intake::renew() {
  std::lock_guard lock(mutex_);
  news_ = {};
  urgent_ = false;
  wake_on_frame_ = true;
  if (encoded_) encoded_->on_break();
  return ++current_;
}

News Intake::wait(std::stop_token stop, MonoTime deadline) {
  std::unique_lock lock(mutex_);
  clock_.wait_until(lock, changed_, std::move(stop), deadline, [&] { return urgent_; });
  urgent_ = false;
  return std::exchange(news_, {});
}

void Intake::expect_frame() {
  std::lock_guard lock(mutex_);
  wake_on_frame_ = true;
}

void Intake::close() {
  std::lock_guard lock(mutex_);
  frames_ = nullptr;
  encoded_ = nullptr;
  ++current_;
}

void Intake::network_changed() {
  std::lock_guard lock(mutex_);
  news_.network_changed = true;
  urgent_ = true;
  changed_.notify_all();
}

Intake::Look Intake::look() const {
  std::lock_guard lock(mutex_);
  return look_;
}

void Feed::frame(const cv::Size& size, const Make& make) const {
  Intake& in = *intake_;
  std::lock_guard lock(in.mutex_);
  if (in.current_ != number_ || (!in.frames_ && in.decodes_)) return;
  const Stamp stamp{in.sequence_++, in.clock_.now(), in.clock_.wall()};
  in.counters_.frames_received.fetch_add(1, std::memory_order_relaxed);
  in.counters_.last_frame_wall_ms.store(
      std::chrono::floor<std::chrono::milliseconds>(stamp.captured_wall.time_since_epoch()).count(),
      std::memory_order_relaxed);
  in.look_.width = size.width;
  in.look_.height = size.height;
  in.news_.frame = stamp.captured;
  if (std::exchange(in.wake_on_frame_, false)) {
    in.urgent_ = true;
    in.changed_.notify_all();
  }
  if (!in.raster_.due(stamp.captured)) {
    in.counters_.thinned.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (auto made = make(stamp)) in.frames_->on_frame(std::move(made));
}

void Feed::encoded(EncodedUnit unit) const {
  if (!decodes()) frame(cv::Size(unit.format->width, unit.format->height), [](const Stamp&) { return nullptr; });
  std::lock_guard lock(intake_->mutex_);
  if (intake_->current_ == number_ && intake_->encoded_) intake_->encoded_->on_unit(std::move(unit));
}

void Feed::codec(const std::string& name) const {
  std::lock_guard lock(intake_->mutex_);
  if (intake_->current_ == number_) intake_->look_.codec = name;
}

void Feed::decoder(const std::string& element, const std::string& trouble) const {
  std::lock_guard lock(intake_->mutex_);
  if (intake_->current_ != number_) return;
  intake_->look_.decoder = element;
  intake_->look_.decoder_trouble = trouble;
}

void Feed::bytes(std::size_t count) const { intake_->counters_.bytes.fetch_add(count, std::memory_order_relaxed); }

void Feed::decode_error() const { intake_->counters_.decode_errors.fetch_add(1, std::memory_order_relaxed); }

void Feed::cpu_us(std::uint64_t time) const {
  intake_->counters_.decode_cpu_us.fetch_add(time, std::memory_order_relaxed);
}

void Feed::ended(Failure failure) const {
  Intake& in = *intake_;
  std::lock_guard lock(in.mutex_);
  if (in.current_ != number_ || in.news_.failure) return;
  in.news_.failure = std::move(failure);
  in.urgent_ = true;
  in.changed_.notify_all();
}

}  // namespace lynceus::ingest
