#include "tools/analyze/video_file.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>

#include "base/error.h"

namespace lynceus::tools {
namespace {

constexpr guint64 kMostQueuedFrames = 4;

struct Format {
  const char* encoder;  ///< null: none here
  const char* muxer;
  const char* suffix;
};

Format choose_format(cv::Size size) {
  const bool even = size.width % 2 == 0 && size.height % 2 == 0;  // 4:2:0 has no half pixels
  const char* fragments = "mp4mux fragment-duration=1000";
  if (even && gst::have_element("x264enc")) {
    return {"video/x-raw,format=I420 ! x264enc speed-preset=veryfast bframes=0 key-int-max=50 ! h264parse", fragments,
            ".mp4"};
  }
  if (even && gst::have_element("openh264enc")) {
    return {"video/x-raw,format=I420 ! openh264enc gop-size=50 bitrate=4000000 ! h264parse", fragments, ".mp4"};
  }
  if (gst::have_element("jpegenc")) return {"jpegenc quality=90", "matroskamux", ".mkv"};
  return {nullptr, nullptr, ".mp4"};
}

gst::CapsPtr raw_caps(cv::Size size, int rate, int per) {
  return gst::CapsPtr(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "BGR", "width", G_TYPE_INT,
                                          size.width, "height", G_TYPE_INT, size.height, "framerate", GST_TYPE_FRACTION,
                                          rate, per, nullptr));
}

/// Raw BGR rows are padded to four bytes.
gst::BufferPtr to_buffer(const cv::Mat& picture) {
  const std::size_t row = std::size_t(picture.cols) * 3, stride = (row + 3) / 4 * 4;
  gst::BufferPtr buffer(gst_buffer_new_allocate(nullptr, stride * std::size_t(picture.rows), nullptr));
  GstMapInfo map;
  if (!buffer || !gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE)) return nullptr;
  for (int y = 0; y < picture.rows; ++y) std::memcpy(map.data + stride * std::size_t(y), picture.ptr(y), row);
  gst_buffer_unmap(buffer.get(), &map);
  return buffer;
}

}  // namespace

VideoFile::VideoFile(const std::string& path_without_suffix, cv::Size size, double fps) : size_(size) {
  gst::init();
  if (std::isfinite(fps) && fps > 0) gst_util_double_to_fraction(std::clamp(fps, 0.01, 1000.0), &rate_, &per_);
  const Format format = choose_format(size);
  path_ = path_without_suffix + format.suffix;
  if (!format.encoder) throw Error(Exit::fatal, "output", path_, "no video encoder is installed");
  const std::string description = std::string("appsrc name=source format=time ! videoconvert ! ") + format.encoder +
                                  " ! " + format.muxer + " ! filesink name=sink";
  GError* raw_error = nullptr;
  pipeline_.reset(gst_parse_launch(description.c_str(), &raw_error));
  const gst::ErrorPtr error(raw_error);
  if (!pipeline_ || error) throw Error(Exit::fatal, "output", path_, error ? error->message : "no pipeline");
  source_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "source"));
  const gst::ElementPtr sink(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "sink"));
  g_object_set(sink.get(), "location", path_.c_str(), nullptr);
  g_object_set(source_.get(), "max-bytes", guint64{0}, nullptr);
  gst_app_src_set_caps(GST_APP_SRC(source_.get()), raw_caps(size_, rate_, per_).get());
  bus_.reset(gst_element_get_bus(pipeline_.get()));
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    throw_on_error(GST_SECOND);
    throw Error(Exit::fatal, "output", path_, "cannot be written");
  }
}

VideoFile::~VideoFile() {
  if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void VideoFile::throw_on_error(GstClockTime wait) {
  const gst::MessagePtr message(gst_bus_timed_pop_filtered(bus_.get(), wait, GST_MESSAGE_ERROR));
  if (!message) return;
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  const gst::ErrorPtr owned(error);
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  throw Error(Exit::fatal, "output", path_, error->message);
}

/// The bus is what is waited on: a full queue behind a failed encoder would never get room.
void VideoFile::wait_for_room() {
  const guint64 frame = guint64(size_.area()) * 3;
  throw_on_error(0);
  while (gst_app_src_get_current_level_bytes(GST_APP_SRC(source_.get())) > kMostQueuedFrames * frame) {
    throw_on_error(2 * GST_MSECOND);
  }
}

void VideoFile::write(const cv::Mat& bgr) {
  cv::Mat picture = bgr;
  if (bgr.size() != size_) cv::resize(bgr, picture, size_, 0, 0, cv::INTER_AREA);
  wait_for_room();
  gst::BufferPtr buffer = to_buffer(picture);
  if (!buffer) throw Error(Exit::fatal, "output", path_, "no memory for a frame");
  const guint64 second = guint64(GST_SECOND) * guint64(per_);
  GST_BUFFER_PTS(buffer.get()) = gst_util_uint64_scale(frames_, second, guint64(rate_));
  GST_BUFFER_DURATION(buffer.get()) = gst_util_uint64_scale(1, second, guint64(rate_));
  ++frames_;
  if (gst_app_src_push_buffer(GST_APP_SRC(source_.get()), buffer.release()) == GST_FLOW_OK) return;
  throw_on_error(GST_SECOND);
  throw Error(Exit::fatal, "output", path_, "cannot be written");
}

void VideoFile::finish() {
  gst_app_src_end_of_stream(GST_APP_SRC(source_.get()));
  const auto kinds = GstMessageType(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  const gst::MessagePtr message(gst_bus_timed_pop_filtered(bus_.get(), 30 * GST_SECOND, kinds));
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  if (message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return;
  throw Error(Exit::fatal, "output", path_, "could not be ended");
}

}  // namespace lynceus::tools
