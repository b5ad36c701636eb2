// A video file frame by frame: the file waits for the reader, nothing is dropped.
#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/gst.h"
#include "base/log.h"
#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/gst_frame.h"
#include "pipeline/ingest/gst_session.h"
#include "pipeline/ingest/readers.h"
#include "pipeline/ingest/sink.h"
#include "pipeline/ingest/typed_stream.h"

namespace lynceus::ingest {
namespace {

/// What the streaming threads tell the reader.
struct Findings {
  std::mutex mutex;
  bool taken = false;              // guarded by mutex
  std::optional<Failure> refusal;  // guarded by mutex
};

class VideoReader final : public Reader {
 public:
  explicit VideoReader(const std::string& path) : path_(path), findings_(std::make_shared<Findings>()) {
    if (!std::ifstream(path)) fail("no such file, or it may not be read");
    try {
      pipeline_ = make_pipeline();
      build();
    } catch (const SessionRefused& refused) {
      fail(refused.failure().text);
    }
    // The first frame is read ahead, so that a file that is no video is refused here and fps() is known.
    ahead_ = pull();
    if (!ahead_) fail("holds no picture that can be decoded");
  }

  std::optional<Picture> next() override {
    if (ahead_) return std::exchange(ahead_, std::nullopt);
    return pull();
  }
  bool is_video() const override { return true; }
  double fps() const override { return fps_; }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw Error(Exit::unreadable, "cannot read", path_, why); }

  void build() {
    sink_ = make_picture_sink();
    g_object_set(sink_, "max-buffers", 2U, "drop", FALSE, nullptr);
    keep_sink_.reset(GST_ELEMENT(gst_object_ref_sink(sink_)));
    GstElement* source = make_element("filesrc");
    g_object_set(source, "location", path_.c_str(), nullptr);
    append_typed_stream(
        GST_BIN(pipeline_.get()), source,
        [findings = findings_, sink = sink_, bin = GST_BIN(pipeline_.get())](GstPad* pad, const Codec& codec) {
          {
            std::lock_guard lock(findings->mutex);
            if (std::exchange(findings->taken, true)) return;
          }
          append_decoding(bin, pad, codec, false, sink);
        },
        [findings = findings_](const Failure& failure) {
          std::lock_guard lock(findings->mutex);
          if (!findings->taken) findings->refusal = failure;
        });
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  }

  std::optional<Picture> pull() {
    using std::chrono::steady_clock;
    const auto give_up = steady_clock::now() + std::chrono::seconds{20};
    while (!ended_ && steady_clock::now() < give_up) {
      const gst::SamplePtr sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_), 20 * GST_MSECOND));
      if (sample) {
        if (auto picture = picture_of(sample.get())) return picture;
      } else if (std::exchange(ended_, over_)) {
        return std::nullopt;  // over was told before this last look
      } else {
        listen();
      }
    }
    if (std::exchange(ended_, true)) return std::nullopt;
    fail("no picture for 20 s");
  }

  /// Waits a little for the pipeline's word; notes the end, throws an error.
  void listen() {
    const gst::BusPtr bus(gst_element_get_bus(pipeline_.get()));
    const auto wanted = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
    const gst::MessagePtr message(gst_bus_timed_pop_filtered(bus.get(), 5 * GST_MSECOND, wanted));
    if (!message) return;
    over_ = true;
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return;
    ended_ = true;
    std::lock_guard lock(findings_->mutex);
    if (findings_->refusal) fail(findings_->refusal->text);
    GError* error = nullptr;
    gchar* debug = nullptr;
    gst_message_parse_error(message.get(), &error, &debug);
    const gst::ErrorPtr owned(error);
    const gst::TextPtr text(debug);
    fail(error ? failure_of(*error, debug).text : "unknown error");
  }

  std::optional<Picture> picture_of(GstSample* sample) {
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    GstCaps* caps = gst_sample_get_caps(sample);
    GstVideoInfo info;
    if (!buffer || !caps || !gst_video_info_from_caps(&info, caps)) return std::nullopt;
    if (info.fps_n > 0 && info.fps_d > 0) fps_ = static_cast<double>(info.fps_n) / info.fps_d;
    Picture picture;
    picture.input = path_;
    picture.frame = frames_;
    picture.time_s = time_of(buffer);
    const Stamp stamp{static_cast<std::uint64_t>(frames_),
                      MonoTime{} + std::chrono::seconds{1} +
                          std::chrono::duration_cast<MonoTime::duration>(std::chrono::duration<double>(picture.time_s)),
                      system_clock().wall()};
    picture.picture = make_gst_frame("", stamp, info, buffer, guess_matrix(GST_APP_SINK(sink_), caps));
    if (!picture.picture) return std::nullopt;
    ++frames_;
    return picture;
  }

  /// The file's own stamp where it has one that goes on; else by the frame rate, 25 where none is told.
  double time_of(GstBuffer* buffer) {
    const double counted = static_cast<double>(frames_) / (fps_ > 0 ? fps_ : 25);
    const GstClockTime pts = GST_BUFFER_PTS(buffer);
    if (!GST_CLOCK_TIME_IS_VALID(pts)) return counted;
    if (frames_ == 0) first_pts_ = pts;
    const double told = pts >= first_pts_ ? static_cast<double>(pts - first_pts_) / GST_SECOND : counted;
    const bool onward = frames_ == 0 || (told > last_s_ && told < last_s_ + 3600);
    last_s_ = onward ? told : std::max(last_s_, counted);
    return last_s_;
  }

  const std::string path_;
  const std::shared_ptr<Findings> findings_;
  gst::ElementPtr keep_sink_;
  PipelinePtr pipeline_;
  GstElement* sink_ = nullptr;  // kept by keep_sink_
  std::optional<Picture> ahead_;
  bool over_ = false;  ///< the pipeline has nothing more; what waits in the sink is still to be taken
  bool ended_ = false;
  std::int64_t frames_ = 0;
  double fps_ = 0, last_s_ = 0;
  GstClockTime first_pts_ = 0;
};

}  // namespace

std::unique_ptr<Reader> read_video(const std::string& path) { return std::make_unique<VideoReader>(path); }

}  // namespace lynceus::ingest
