#include "tools/simulate/clip_file.h"

#include <gst/app/gstappsink.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "base/error.h"
#include "base/gst.h"
#include "tools/simulate/elementary.h"

namespace lynceus::tools {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr std::size_t kMostUnits = 200'000;
constexpr GstClockTime kPatience = 10 * GST_SECOND;

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw Error(Exit::unreadable, "simulate", path, why);
}

Clip read_elementary(const std::string& path, Codec codec) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file) fail(path, "cannot be read");
  return cut_elementary(std::as_bytes(std::span(bytes)), codec, path);
}

/// What the parser says of the stream.
void take_caps(GstCaps* caps, Clip& clip) {
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const std::string_view name = gst_structure_get_name(s);
  clip.codec = name == "video/x-h265" ? Codec::h265 : name == "image/jpeg" ? Codec::mjpeg : Codec::h264;
  gst_structure_get_int(s, "width", &clip.width);
  gst_structure_get_int(s, "height", &clip.height);
  int num = 0, den = 0;
  if (gst_structure_get_fraction(s, "framerate", &num, &den) && num > 0 && den > 0)
    clip.fps = static_cast<double>(num) / den;
}

void take_sample(GstSample* sample, Clip& clip) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  GstMapInfo map;
  if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
  if (clip.units.empty() && gst_sample_get_caps(sample)) take_caps(gst_sample_get_caps(sample), clip);
  const bool timed = GST_BUFFER_PTS_IS_VALID(buffer) && GST_BUFFER_DTS_IS_VALID(buffer);
  const auto later =
      timed ? static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)) - static_cast<std::int64_t>(GST_BUFFER_DTS(buffer)) : 0;
  clip.append(std::as_bytes(std::span(map.data, map.size)), !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT),
              std::clamp<std::int64_t>(later, 0, std::int64_t{2} * GST_SECOND));
  gst_buffer_unmap(buffer, &map);
}

/// The first video stream we can serve goes to the sink through its parser; other streams end in nothing.
void on_stream(GstElement*, GstPad* pad, gpointer data) {
  auto* bin = GST_BIN(data);
  const gst::CapsPtr caps(gst_pad_get_current_caps(pad));
  const std::string_view name = caps ? gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)) : "";
  const bool known = name == "video/x-h264" || name == "video/x-h265" || name == "image/jpeg";
  const gst::ElementPtr filter(gst_bin_get_by_name(bin, "units"));
  GstElement* target = nullptr;
  const gst::PadPtr taken(gst_element_get_static_pad(filter.get(), "sink"));
  if (known && !gst_pad_is_linked(taken.get())) {
    target = gst_element_factory_make(name == "video/x-h264"   ? "h264parse"
                                      : name == "video/x-h265" ? "h265parse"
                                                               : "jpegparse",
                                      nullptr);
    if (target && name != "image/jpeg") g_object_set(target, "config-interval", -1, nullptr);
  } else {
    target = gst_element_factory_make("fakesink", nullptr);
  }
  if (!target) return;
  gst_bin_add(bin, target);
  if (known && !gst_pad_is_linked(taken.get())) gst_element_link(target, filter.get());
  const gst::PadPtr sink(gst_element_get_static_pad(target, "sink"));
  gst_element_sync_state_with_parent(target);
  gst_pad_link(pad, sink.get());
}

std::string error_on(GstElement* pipeline) {
  const gst::BusPtr bus(gst_element_get_bus(pipeline));
  const gst::MessagePtr message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  if (!message) return "no H.264, H.265 or JPEG video in it";
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  const gst::ErrorPtr error(raw);
  return error ? error->message : "cannot be parsed";
}

Clip read_container(const std::string& path) {
  gst::init();
  const gst::ElementPtr pipeline(
      gst_parse_launch("filesrc name=file ! parsebin name=parts capsfilter name=units "
                       "caps=video/x-h264,stream-format=byte-stream,alignment=au;video/"
                       "x-h265,stream-format=byte-stream,alignment=au;image/jpeg "
                       "! appsink name=out sync=false max-buffers=8",
                       nullptr));
  if (!pipeline) fail(path, "GStreamer's parsebin is missing (gstreamer1.0-plugins-base)");
  const gst::ElementPtr file(gst_bin_get_by_name(GST_BIN(pipeline.get()), "file"));
  const gst::ElementPtr parts(gst_bin_get_by_name(GST_BIN(pipeline.get()), "parts"));
  const gst::ElementPtr sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  g_object_set(file.get(), "location", path.c_str(), nullptr);
  g_signal_connect(parts.get(), "pad-added", G_CALLBACK(on_stream), pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  Clip clip;
  while (clip.bytes.size() < kMostBytes && clip.units.size() < kMostUnits) {
    const gst::SamplePtr sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), kPatience));
    if (!sample) break;
    take_sample(sample.get(), clip);
  }
  const std::string why = clip.units.empty() ? error_on(pipeline.get()) : "";
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (clip.units.empty()) fail(path, why);
  return clip;
}

}  // namespace

Clip read_clip_file(const std::string& path, double fps) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) fail(path, error.message());
  const auto codec = elementary_codec(path);
  if (codec && size > kMostBytes) fail(path, "larger than 256 MiB");
  Clip clip = codec ? read_elementary(path, *codec) : read_container(path);
  if (fps > 0) clip.fps = fps;
  return clip;
}

}  // namespace lynceus::tools
