#include "pipeline/ingest/flow.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string_view>

#include "base/log.h"
#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/gst_frame.h"
#include "pipeline/ingest/hardware_decoder.h"
#include "pipeline/ingest/held.h"
#include "pipeline/ingest/session_refused.h"
#include "pipeline/ingest/sink.h"

namespace lynceus::ingest {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

GstFlowReturn new_sample(GstAppSink* sink, gpointer data) {
  Held<Flow>(data)->on_sample(sink);
  return GST_FLOW_OK;
}

GstPadProbeReturn see_encoded(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  const Held<Flow> flow(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) {
    flow->on_encoded(pad, GST_PAD_PROBE_INFO_BUFFER(info));
    return GST_PAD_PROBE_OK;
  }
  GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
  for (guint i = 0; i < gst_buffer_list_length(list); ++i) flow->on_encoded(pad, gst_buffer_list_get(list, i));
  return GST_PAD_PROBE_OK;
}

GstElement* make_sink(const std::shared_ptr<Flow>& flow) {
  GstElement* sink = make_picture_sink();
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = new_sample;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, hold(flow), let_go<Flow>);
  return sink;
}

}  // namespace

void Flow::attach(GstBin* bin, GstPad* encoded, const Codec& codec) {
  if (attached_.exchange(true)) return;
  feed_.codec(codec.name);
  GstElement* taker = feed_.decodes() ? decode(bin, encoded, codec) : append_keeping(bin, encoded, codec);
  if (!taker) return;
  const gst::PadPtr pad(gst_element_get_static_pad(taker, "sink"));
  gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    see_encoded, hold(shared_from_this()), let_go<Flow>);
}

GstElement* Flow::decode(GstBin* bin, GstPad* encoded, const Codec& codec) {
  const HardwareDecoder hardware = find_hardware_decoder(codec.name, decoder_);
  Codec chosen = codec;
  if (!hardware.element.empty()) chosen.decoder = hardware.element;
  feed_.decoder(chosen.decoder, hardware.trouble);
  {
    std::lock_guard lock(mutex_);
    hardware_ = hardware.element;
  }
  try {
    return append_decoding(bin, encoded, chosen, feed_.keeps(), make_sink(shared_from_this()));
  } catch (const SessionRefused& refused) {
    decoder_broke_ = true;
    throw SessionRefused(refused.failure(),
                         hardware.element);  // where this ends the opening, nobody can ask us any more
  }
}

std::string Flow::failed_decoder() const {
  // So many pictures may be held back for their order, or before the first that can be decoded alone.
  constexpr std::int64_t kHeldBack = 32, kHeldBackAtFirst = 8;
  const std::int64_t swallowed = since_picture_.load(std::memory_order_relaxed);
  const bool silent = swallowed >= (decoded_.load(std::memory_order_relaxed) > 0 ? kHeldBack : kHeldBackAtFirst);
  std::lock_guard lock(mutex_);
  return decoder_broke_ || silent ? hardware_ : std::string{};
}

/// What a decoder says itself, and what its neighbours say when it would not agree on a format.
bool Flow::is_decoders(GstMessage* error, const char* debug) const {
  if (GST_IS_VIDEO_DECODER(GST_MESSAGE_SRC(error))) return true;
  return decoded_ == 0 && debug && std::string_view(debug).find("not-negotiated") != std::string_view::npos;
}

void Flow::refused(Failure failure) {
  std::lock_guard lock(mutex_);
  refusal_ = std::move(failure);
}

void Flow::on_message(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_EOS:
      feed_.ended(end_of_stream());
      break;
    case GST_MESSAGE_ERROR: {
      GError* error = nullptr;
      gchar* debug = nullptr;
      gst_message_parse_error(message, &error, &debug);
      const gst::ErrorPtr owned(error);
      const gst::TextPtr text(debug);
      if (is_decoders(message, debug)) decoder_broke_ = true;
      std::lock_guard lock(mutex_);
      if (refusal_ && !attached_) feed_.ended(*refusal_);
      if (error) feed_.ended(failure_of(*error, debug));
      break;
    }
    case GST_MESSAGE_WARNING:
      if (GST_IS_VIDEO_DECODER(GST_MESSAGE_SRC(message))) feed_.decode_error();
      break;
    default:
      break;
  }
}

void Flow::on_encoded(GstPad* pad, GstBuffer* buffer) {
  count_encoded(gst_buffer_get_size(buffer));
  if (!feed_.keeps()) return;
  if (auto unit = tap_.unit_of(pad, buffer, feed_.clock().now())) feed_.encoded(std::move(*unit));
}

/// Every picture that goes in comes out, but for those the decoder holds back for their order (16 at most in H.264 and
/// H.265) and those it gave up: more than that outstanding is lost.
void Flow::count_encoded(std::size_t bytes) {
  constexpr std::int64_t kHeldBack = 32;
  feed_.bytes(bytes);
  if (!feed_.decodes()) return;
  since_picture_.fetch_add(1, std::memory_order_relaxed);
  const std::int64_t outstanding = ++encoded_ - decoded_.load(std::memory_order_relaxed) - lost_;
  if (outstanding <= kHeldBack) return;
  ++lost_;
  feed_.decode_error();
}

void Flow::take_video_info(GstAppSink* sink, GstCaps* caps) {
  if (caps == caps_.get()) return;
  caps_.reset(caps ? gst_caps_ref(caps) : nullptr);
  GstVideoInfo info;
  info_.reset();
  if (caps && gst_video_info_from_caps(&info, caps)) info_ = info;
  guess_matrix_ = guess_matrix(sink, caps);
}

/// A picture the decoder had to patch up is worth less than none, unless there is no other: some streams never say that
/// they have recovered.
bool Flow::corrupt(GstBuffer* buffer) {
  const MonoTime now = feed_.clock().now();
  if (!last_clean_) last_clean_ = now;
  if (!GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED)) {
    last_clean_ = now;
    return false;
  }
  feed_.decode_error();
  return now - *last_clean_ < std::chrono::seconds{2};
}

void Flow::wait_for_turn(GstBuffer* buffer) {
  constexpr nanoseconds kLongest = std::chrono::seconds{2};  // a gap in a file's stamps is not waited out
  Clock& clock = feed_.clock();
  const MonoTime now = clock.now();
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  if (!started_) started_.emplace(now, pts);
  const bool fps_known = info_ && info_->fps_n > 0 && info_->fps_d > 0 && info_->fps_n / info_->fps_d <= 240;
  const nanoseconds period(fps_known ? 1'000'000'000LL * info_->fps_d / info_->fps_n : 40'000'000LL);
  const bool stamped = GST_CLOCK_TIME_IS_VALID(pts) && GST_CLOCK_TIME_IS_VALID(started_->second);
  nanoseconds since_start = period * frames_paced_++;
  if (stamped) since_start = nanoseconds(static_cast<std::int64_t>(pts - std::min(pts, started_->second)));
  const MonoTime due = started_->first + since_start;
  if (due > now + kLongest || due + kLongest < now) {
    started_.emplace(now, pts);
    frames_paced_ = 1;
    clock.sleep_until(stop_.get_token(), now + period);
    return;
  }
  if (due > now) clock.sleep_until(stop_.get_token(), due);
}

void Flow::count_cpu() {
  timespec time{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) return;
  const auto thread = static_cast<std::uint64_t>(pthread_self());
  const std::int64_t now_ns = std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  if (thread == cpu_thread_ && now_ns > cpu_ns_) {
    const std::int64_t us = (now_ns - cpu_ns_) / 1000;
    feed_.cpu_us(static_cast<std::uint64_t>(us));
    cpu_ns_ += us * 1000;
    return;
  }
  cpu_thread_ = thread;
  cpu_ns_ = now_ns;
}

void Flow::on_sample(GstAppSink* sink) {
  const gst::SamplePtr sample(gst_app_sink_pull_sample(sink));
  GstBuffer* buffer = sample ? gst_sample_get_buffer(sample.get()) : nullptr;
  if (!buffer) return;
  decoded_.fetch_add(1, std::memory_order_relaxed);
  since_picture_.store(0, std::memory_order_relaxed);
  take_video_info(sink, gst_sample_get_caps(sample.get()));
  count_cpu();
  if (!info_ || corrupt(buffer)) return;
  if (pace_ == Pace::real_time) wait_for_turn(buffer);
  feed_.frame(cv::Size(info_->width, info_->height),
              [&](const Stamp& stamp) { return make_gst_frame(feed_.camera(), stamp, *info_, buffer, guess_matrix_); });
}

}  // namespace lynceus::ingest
