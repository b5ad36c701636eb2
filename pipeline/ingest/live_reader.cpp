// A camera as a Reader: its source behind a bounded queue.
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/error.h"
#include "pipeline/ingest/camera_source.h"
#include "pipeline/ingest/readers.h"

namespace lynceus::ingest {
namespace {

class LiveReader final : public Reader, private FrameSink, private StateSink {
 public:
  explicit LiveReader(const std::string& address) : shown_(redacted(address)) {
    settings_.detect = address;
    source_ = make_source("", settings_, system_clock(), *this, this);
    source_->start();
  }
  ~LiveReader() override { source_.reset(); }

  std::optional<Picture> next() override {
    Clock& clock = system_clock();
    const MonoTime give_up = clock.now() + settings_.connect_timeout + std::chrono::seconds{1};
    auto frame = frames_.pop(clock, over_.get_token(), give_up);
    if (!frame) frame = frames_.try_pop();
    if (!frame) return end();
    if (!first_) first_ = (*frame)->captured();
    Picture picture;
    picture.input = shown_;
    picture.frame = count_++;
    picture.time_s = std::chrono::duration<double>((*frame)->captured() - *first_).count();
    picture.picture = std::move(*frame);
    return picture;
  }
  bool is_video() const override { return true; }
  double fps() const override { return 0; }

 private:
  void on_frame(sdk::FramePtr frame) override { frames_.push(std::move(frame)); }
  void on_state(const std::string&, TransportState state, const std::string& reason) override {
    if (state == TransportState::connecting || state == TransportState::streaming) return;
    std::lock_guard lock(mutex_);
    trouble_ = std::string(name(state)) + (reason.empty() ? "" : ", " + reason);
    over_.request_stop();
  }

  /// Never streamed: an error, told once. A stream that broke off: the end.
  std::optional<Picture> end() {
    if (count_ > 0 || std::exchange(told_, true)) return std::nullopt;
    std::lock_guard lock(mutex_);
    throw Error(Exit::unreadable, "cannot read", shown_, trouble_.empty() ? "no picture" : trouble_);
  }

  const std::string shown_;
  SourceSettings settings_;
  BoundedQueue<sdk::FramePtr> frames_{64};
  std::stop_source over_;
  std::mutex mutex_;
  std::string trouble_;  // guarded by mutex_
  bool told_ = false;
  std::int64_t count_ = 0;
  std::optional<MonoTime> first_;
  std::unique_ptr<CameraSource> source_;
};

}  // namespace

std::unique_ptr<Reader> read_live(const std::string& address) { return std::make_unique<LiveReader>(address); }

}  // namespace lynceus::ingest
