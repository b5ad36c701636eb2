// Hears a source and lets a test wait for what it wants to see, without sleeping.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/ingest/camera_source.h"

namespace lynceus::test {

class Recorder final : public ingest::FrameSink, public ingest::StateSink {
 public:
  void on_frame(sdk::FramePtr frame) override {
    std::lock_guard lock(mutex_);
    ++frames_;
    last_ = std::move(frame);
    changed_.notify_all();
  }
  void on_state(const std::string&, ingest::TransportState state, const std::string& reason) override {
    std::lock_guard lock(mutex_);
    states_.push_back(state);
    reasons_.push_back(reason);
    changed_.notify_all();
  }

  /// At least `count` more frames than now.
  bool more_frames(int count, std::chrono::milliseconds within = std::chrono::seconds{20}) {
    std::unique_lock lock(mutex_);
    const int wanted = frames_ + count;
    return changed_.wait_for(lock, within, [&] { return frames_ >= wanted; });
  }
  /// The state shown last is this one.
  bool state(ingest::TransportState wanted, std::chrono::milliseconds within = std::chrono::seconds{20}) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return !states_.empty() && states_.back() == wanted; });
  }
  bool frame(const std::function<bool(const sdk::Frame&)>& wanted,
             std::chrono::milliseconds within = std::chrono::seconds{20}) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return last_ && wanted(*last_); });
  }
  /// A frame, or why there is none.
  bool told(std::chrono::milliseconds within = std::chrono::seconds{20}) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return last_ || (!reasons_.empty() && !reasons_.back().empty()); });
  }
  sdk::FramePtr last() const {
    std::lock_guard lock(mutex_);
    return last_;
  }
  int frames() const {
    std::lock_guard lock(mutex_);
    return frames_;
  }
  std::vector<ingest::TransportState> states() const {
    std::lock_guard lock(mutex_);
    return states_;
  }
  std::vector<std::string> reasons() const {
    std::lock_guard lock(mutex_);
    return reasons_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int frames_ = 0;                              // guarded by mutex_
  sdk::FramePtr last_;                          // guarded by mutex_
  std::vector<ingest::TransportState> states_;  // guarded by mutex_
  std::vector<std::string> reasons_;            // guarded by mutex_
};

}  // namespace lynceus::test
