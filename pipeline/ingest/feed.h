// The way of one session's pictures and troubles to its source.
//
// An Intake belongs to a source and outlives it while a library thread still holds on to it; a Feed is one session's
// numbered ticket to it. What comes through an old ticket, or after close(), is ignored: so a decoder that takes its
// time to die harms nobody. Thread: Feed any; Intake as noted.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "pipeline/ingest/camera_source.h"
#include "pipeline/ingest/encoded.h"
#include "pipeline/ingest/link.h"
#include "pipeline/ingest/raster.h"

namespace lynceus::ingest {

/// What a frame is given on arrival.
struct Stamp {
  std::uint64_t sequence = 0;
  MonoTime captured{};
  WallTime captured_wall{};
};

/// What happened since the control thread looked last.
struct News {
  std::optional<MonoTime> frame;  ///< when the newest frame came
  std::optional<Failure> failure;
  bool network_changed = false;
};

class Intake {
 public:
  /// `encoded` may be null. Without `frames` nothing is decoded: coded pictures are all there is.
  Intake(std::string camera, double fps, Clock& clock, FrameSink* frames,
         std::shared_ptr<EncodedSink> encoded = nullptr);

  // The control thread.
  /// A new session begins: its number; all earlier ones are ignored from now on.
  std::uint64_t renew();
  /// Waits for news that cannot wait (the first frame, a failure), the deadline or a stop; returns all there is.
  News wait(std::stop_token stop, MonoTime deadline);
  /// The next frame shall wake wait().
  void expect_frame();
  /// No frame is handed on after this returns.
  void close();

  // Any thread.
  void network_changed();
  bool decodes() const { return decodes_; }
  bool keeps() const { return keeps_; }
  const std::string& camera() const { return camera_; }
  SourceCounters& counters() { return counters_; }
  const SourceCounters& counters() const { return counters_; }
  Clock& clock() const { return clock_; }
  struct Look {
    int width = 0, height = 0;
    std::string codec;
    std::string decoder;          ///< the element that decodes
    std::string decoder_trouble;  ///< of this session
  };
  Look look() const;

 private:
  friend class Feed;
  const std::string camera_;
  Clock& clock_;
  const bool decodes_, keeps_;
  SourceCounters counters_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  FrameSink* frames_;                     // guarded by mutex_; null once closed
  std::shared_ptr<EncodedSink> encoded_;  // guarded by mutex_; null once closed
  std::uint64_t current_ = 0;             // guarded by mutex_
  bool wake_on_frame_ = true;             // guarded by mutex_
  bool urgent_ = false;                   // guarded by mutex_
  News news_;                             // guarded by mutex_
  Look look_;                             // guarded by mutex_
  std::uint64_t sequence_ = 0;            // guarded by mutex_
  Raster raster_;                         // guarded by mutex_
};

class Feed {
 public:
  Feed(std::shared_ptr<Intake> intake, std::uint64_t number) : intake_(std::move(intake)), number_(number) {}

  using Make = std::function<sdk::FramePtr(const Stamp&)>;
  /// A decoded picture arrived: counted, thinned to the camera's `fps`, and only then made and handed on.
  void frame(const cv::Size& size, const Make& make) const;
  /// A coded picture, for whoever keeps them; where nothing is decoded it is what shows that the camera lives.
  void encoded(EncodedUnit unit) const;
  void codec(const std::string& name) const;
  void decoder(const std::string& element, const std::string& trouble) const;
  void bytes(std::size_t count) const;
  /// A picture was lost in the decoder.
  void decode_error() const;
  void cpu_us(std::uint64_t time) const;
  /// This session is over.
  void ended(Failure failure) const;

  const std::string& camera() const { return intake_->camera(); }
  Clock& clock() const { return intake_->clock(); }
  bool decodes() const { return intake_->decodes(); }
  bool keeps() const { return intake_->keeps(); }

 private:
  std::shared_ptr<Intake> intake_;
  std::uint64_t number_;
};

}  // namespace lynceus::ingest
