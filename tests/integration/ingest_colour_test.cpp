// A palette through a real encoder and decoder, with the colours said in the stream.
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include <string>

#include "base/gst.h"
#include "pipeline/ingest/gst_frame.h"
#include "pipeline/ingest/sink.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/yuv_picture.h"

using lynceus::ingest::Colour;
using namespace lynceus::test;

namespace {

constexpr int kSide_px = 32, kMargin_px = 8;

/// Without loss what differs is colour conversion alone. A good camera's encoder spends its bits on a scene that stands
/// still until its colours are right; with a fixed quantizer x264 rounds chroma by a level from 5 on, three in blue.
constexpr const char* kEncoders[]{"pass=quant quantizer=0 speed-preset=ultrafast tune=zerolatency",
                                  "pass=qual quantizer=18 speed-preset=slow"};

lynceus::sdk::FramePtr through_h264(const cv::Mat& picture, const std::string& encoder, const std::string& colorimetry,
                                    const Colour& colour) {
  const std::string caps = "video/x-raw,format=I420,width=256,height=256,framerate=25/1" +
                           (colorimetry.empty() ? "" : ",colorimetry=(string)" + colorimetry);
  const std::string text = "appsrc name=in format=time caps=\"" + caps + "\" ! x264enc threads=1 " + encoder +
                           " ! h264parse ! avdec_h264 name=decoder";
  const lynceus::gst::ElementPtr pipeline(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(text.c_str(), nullptr))));
  GstElement* sink = lynceus::ingest::make_picture_sink();
  gst_bin_add(GST_BIN(pipeline.get()), sink);
  const lynceus::gst::ElementPtr decoder(gst_bin_get_by_name(GST_BIN(pipeline.get()), "decoder"));
  gst_element_link(decoder.get(), sink);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);

  const GstVideoInfo info = info_of(caps);
  const lynceus::gst::ElementPtr in(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  for (int i = 0; i < 5; ++i) {
    auto buffer = buffer_of(picture, info, colour);
    GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>(i) * 40 * GST_MSECOND;
    GstFlowReturn flow = GST_FLOW_OK;
    g_signal_emit_by_name(in.get(), "push-buffer", buffer.get(), &flow);
  }
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(in.get(), "end-of-stream", &flow);

  const lynceus::gst::SamplePtr sample(gst_app_sink_pull_sample(GST_APP_SINK(sink)));
  REQUIRE(sample);
  GstVideoInfo decoded;
  GstCaps* out = gst_sample_get_caps(sample.get());
  REQUIRE(gst_video_info_from_caps(&decoded, out));
  auto frame = lynceus::ingest::make_gst_frame("cam", {}, decoded, gst_sample_get_buffer(sample.get()),
                                               lynceus::ingest::guess_matrix(GST_APP_SINK(sink), out));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return frame;
}

}  // namespace

TEST_CASE("a palette picture through H.264 in 601 and 709, limited and full, comes back within two levels") {
  if (!lynceus::gst::have_element("x264enc") || !lynceus::gst::have_element("avdec_h264")) {
    WARN("skipped: x264enc or avdec_h264 is not installed");
    return;
  }
  struct Row {
    const char* colorimetry;
    Colour colour;
  };
  const cv::Mat picture = palette(kSide_px);
  for (const Row& row : {Row{"bt601", Colour::bt601(false)}, Row{"1:4:16:4", Colour::bt601(true)},
                         Row{"bt709", Colour::bt709(false)}, Row{"1:3:5:1", Colour::bt709(true)}}) {
    for (const char* encoder : kEncoders) {
      INFO(row.colorimetry << " " << encoder);
      const auto frame = through_h264(picture, encoder, row.colorimetry, row.colour);
      REQUIRE(frame);
      CHECK(worst_of(frame->bgr(), picture, kMargin_px, kSide_px) <= 2);
    }
  }
}
