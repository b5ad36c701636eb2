// What runs inside a pipeline for us: decoding chain, arriving samples, bus messages. Shared with the library's
// callbacks, so that it lives exactly as long as anything of the pipeline does.
//
// Thread: attach() and the callbacks run on streaming threads; stop() any.
#pragma once

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/gst.h"
#include "pipeline/ingest/codec.h"
#include "pipeline/ingest/encoded_tap.h"
#include "pipeline/ingest/feed.h"

namespace lynceus::ingest {

class Flow : public std::enable_shared_from_this<Flow> {
 public:
  enum class Pace {
    as_it_comes,  ///< the camera sets the pace
    real_time     ///< a file's own time stamps do
  };
  Flow(Feed feed, Decoder decoder, Pace pace) : feed_(std::move(feed)), decoder_(decoder), pace_(pace) {}

  /// Puts parser, decoder and sink behind a pad that gives this codec. Only the first video counts.
  void attach(GstBin* bin, GstPad* encoded, const Codec& codec);
  bool attached() const { return attached_; }
  /// The hardware decoder that broke off, would not be linked, or lets pictures in and none out; empty: none did.
  std::string failed_decoder() const;

  /// The bus: in the posting thread; every message ends here.
  void on_message(GstMessage* message);
  void on_sample(GstAppSink* sink);
  void on_encoded(GstPad* pad, GstBuffer* buffer);
  /// Ends the session.
  void fail(Failure failure) { feed_.ended(std::move(failure)); }
  /// What was wrong with a stream that was not taken: told instead of the pipeline's own complaint if none is.
  void refused(Failure failure);
  /// Ends the waits of a file's pace.
  void stop() { stop_.request_stop(); }

  const Feed& feed() const { return feed_; }

 private:
  GstElement* decode(GstBin* bin, GstPad* encoded, const Codec& codec);
  bool is_decoders(GstMessage* error, const char* debug) const;
  void count_encoded(std::size_t bytes);
  void take_video_info(GstAppSink* sink, GstCaps* caps);
  bool corrupt(GstBuffer* buffer);
  void wait_for_turn(GstBuffer* buffer);
  void count_cpu();

  Feed feed_;
  const Decoder decoder_;
  const Pace pace_;
  std::stop_source stop_;
  std::atomic<bool> attached_{false};
  mutable std::mutex mutex_;
  std::optional<Failure> refusal_;  // guarded by mutex_
  std::string hardware_;            // guarded by mutex_; the hardware decoder in use
  std::atomic<bool> decoder_broke_{false};
  std::atomic<std::int64_t> encoded_{0}, decoded_{0}, since_picture_{0};
  std::int64_t lost_ = 0;  // decoder's sink pad only
  EncodedTap tap_;         // decoder's sink pad only

  // The appsink's streaming thread only.
  gst::CapsPtr caps_;
  std::optional<GstVideoInfo> info_;
  bool guess_matrix_ = false;
  std::optional<MonoTime> last_clean_;
  std::optional<std::pair<MonoTime, GstClockTime>> started_;
  std::int64_t frames_paced_ = 0;
  std::uint64_t cpu_thread_ = 0;
  std::int64_t cpu_ns_ = 0;
};

}  // namespace lynceus::ingest
