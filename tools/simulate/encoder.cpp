#include "tools/simulate/encoder.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "tools/simulate/i420.h"

namespace lynceus::tools {
namespace {

constexpr GstClockTime kPatience = 20 * GST_SECOND;

[[noreturn]] void fail(const EncoderSettings& s, const std::string& why) {
  throw Error(Exit::fatal, "simulate", std::string("encoder for ") + codec_name(s.codec), why);
}

/// One thread each: the processors are shared with what is being tested, and the bytes come out the same every time.
std::string h264(const EncoderSettings& s, int gop) {
  const auto keys = std::to_string(gop);
  if (gst::have_element("x264enc"))
    return "x264enc speed-preset=ultrafast threads=1 pass=qual quantizer=" + std::to_string(s.quantizer) +
           " bframes=" + std::to_string(s.bframes) + " key-int-max=" + keys + (s.bframes ? "" : " tune=zerolatency");
  if (gst::have_element("openh264enc"))
    return "openh264enc complexity=low multi-thread=1 rate-control=quality qp-min=" +
           std::to_string(std::max(0, s.quantizer - 2)) + " qp-max=" + std::to_string(std::min(51, s.quantizer + 8)) +
           " gop-size=" + keys;
  fail(s, "neither x264enc (gstreamer1.0-plugins-ugly) nor openh264enc (-bad) is installed");
}

std::string h265(const EncoderSettings& s, int gop) {
  if (!gst::have_element("x265enc")) fail(s, "x265enc (gstreamer1.0-plugins-bad) is not installed");
  return "x265enc speed-preset=ultrafast tune=zerolatency key-int-max=" + std::to_string(gop) +
         " option-string=open-gop=0:scenecut=0:frame-threads=1:pools=1:log-level=none";
}

std::string encoder_of(const EncoderSettings& s) {
  const int gop = std::max(1, static_cast<int>(std::lround(s.gop_s * s.fps)));
  if (s.codec == Codec::h264)
    return h264(s, gop) + " ! h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au";
  if (s.codec == Codec::h265)
    return h265(s, gop) + " ! h265parse config-interval=-1 ! video/x-h265,stream-format=byte-stream,alignment=au";
  return "jpegenc quality=85 ! image/jpeg";
}

bool uses_709(const EncoderSettings& s) { return s.matrix.empty() ? s.height >= 720 : s.matrix == "bt709"; }

/// JFIF knows BT.601 in full range only.
YuvMatrix matrix_of(const EncoderSettings& s) {
  if (s.codec == Codec::mjpeg) return {.full_range = true};
  if (uses_709(s)) return {.kr = 0.2126, .kb = 0.0722, .full_range = s.full_range};
  return {.full_range = s.full_range};
}

std::string colorimetry(const EncoderSettings& s) {
  if (s.codec == Codec::mjpeg) return "1:4:0:0";
  return std::string(s.full_range ? "1" : "2") + (uses_709(s) ? ":3:5:1" : ":4:16:4");
}

std::string description(const EncoderSettings& s) {
  const auto rate = std::to_string(std::lround(s.fps * 1000)) + "/1000";
  return "appsrc name=in format=time block=true max-buffers=4 max-bytes=0 caps=\"video/x-raw,format=I420,width=" +
         std::to_string(s.width) + ",height=" + std::to_string(s.height) + ",framerate=" + rate +
         ",colorimetry=(string)" + colorimetry(s) + "\" ! " + encoder_of(s) + " ! appsink name=out sync=false";
}

gst::BufferPtr buffer_of(const cv::Mat& picture, const YuvMatrix& matrix) {
  // Sides are multiples of eight, so rows have no padding in GStreamer.
  gst::BufferPtr buffer(gst_buffer_new_allocate(nullptr, picture.total() * 3 / 2, nullptr));
  GstMapInfo map;
  if (!gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE)) return nullptr;
  write_i420(picture, matrix, map.data);
  gst_buffer_unmap(buffer.get(), &map);
  return buffer;
}

}  // namespace

Encoder::Encoder(const EncoderSettings& settings) : settings_(settings) {
  gst::init();
  GError* raw = nullptr;
  pipeline_.reset(gst_parse_launch(description(settings_).c_str(), &raw));
  const gst::ErrorPtr error(raw);
  if (error || !pipeline_) fail(settings_, error ? error->message : "no pipeline");
  source_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "in"));
  sink_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "out"));
  clip_.codec = settings_.codec;
  clip_.width = settings_.width;
  clip_.height = settings_.height;
  clip_.fps = settings_.fps;
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

Encoder::~Encoder() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

bool Encoder::available(Codec codec) {
  if (codec == Codec::h264) return gst::have_element("x264enc") || gst::have_element("openh264enc");
  return gst::have_element(codec == Codec::h265 ? "x265enc" : "jpegenc");
}

void Encoder::push(const cv::Mat& picture) {
  if (picture.type() != CV_8UC3 || picture.cols != settings_.width || picture.rows != settings_.height)
    fail(settings_, "a picture of another size or type");
  auto buffer = buffer_of(picture, matrix_of(settings_));
  if (!buffer) fail(settings_, "out of memory");
  const auto slot = static_cast<GstClockTime>(1e9 / settings_.fps);
  GST_BUFFER_PTS(buffer.get()) = pushed_++ * slot;
  GST_BUFFER_DURATION(buffer.get()) = slot;
  if (gst_app_src_push_buffer(GST_APP_SRC(source_.get()), buffer.release()) != GST_FLOW_OK) fail_if_bus_says_so();
  take(false);
}

void Encoder::take(bool wait) {
  for (;;) {
    const gst::SamplePtr sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), wait ? kPatience : 0));
    if (!sample) return;
    GstBuffer* buffer = gst_sample_get_buffer(sample.get());
    GstMapInfo map;
    if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ)) continue;
    const bool key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    const bool reordered = GST_BUFFER_DTS_IS_VALID(buffer) && GST_BUFFER_PTS_IS_VALID(buffer) && settings_.bframes > 0;
    const auto later = reordered ? static_cast<std::int64_t>(GST_BUFFER_PTS(buffer) - GST_BUFFER_DTS(buffer)) : 0;
    clip_.append(std::as_bytes(std::span(map.data, map.size)), key, std::max<std::int64_t>(0, later));
    gst_buffer_unmap(buffer, &map);
  }
}

void Encoder::fail_if_bus_says_so() {
  const gst::BusPtr bus(gst_element_get_bus(pipeline_.get()));
  const gst::MessagePtr message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  if (!message) return;
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  const gst::ErrorPtr error(raw);
  fail(settings_, error ? error->message : "it stopped");
}

Clip Encoder::finish() {
  gst_app_src_end_of_stream(GST_APP_SRC(source_.get()));
  take(true);
  fail_if_bus_says_so();
  if (clip_.units.empty()) fail(settings_, "it gave no picture");
  return std::move(clip_);
}

}  // namespace lynceus::tools
