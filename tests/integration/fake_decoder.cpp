#include "tests/integration/fake_decoder.h"

#include <gst/gst.h>
#include <gst/video/gstvideodecoder.h>
#include <gst/video/video.h>

#include <atomic>

#include "base/gst.h"

namespace lynceus::test {
namespace {

std::atomic<FakeDecoder> mode{FakeDecoder::absent};

struct Decoder {
  GstVideoDecoder parent;
  int pictures;
};
struct DecoderClass {
  GstVideoDecoderClass parent;
};

gboolean open_device(GstVideoDecoder*) { return mode != FakeDecoder::absent; }

GstCaps* get_caps(GstVideoDecoder* decoder, GstCaps* filter) {
  if (mode == FakeDecoder::unlinkable) return gst_caps_new_empty();
  return gst_video_decoder_proxy_getcaps(decoder, nullptr, filter);
}

gboolean set_format(GstVideoDecoder* decoder, GstVideoCodecState* input) {
  if (mode == FakeDecoder::refuses) return FALSE;
  const GstVideoInfo& info = input->info;
  GstVideoCodecState* state = gst_video_decoder_set_output_state(
      decoder, GST_VIDEO_FORMAT_NV12, static_cast<guint>(info.width), static_cast<guint>(info.height), input);
  gst_video_codec_state_unref(state);
  return TRUE;
}

GstFlowReturn handle_frame(GstVideoDecoder* decoder, GstVideoCodecFrame* frame) {
  const int count = ++reinterpret_cast<Decoder*>(decoder)->pictures;
  if (mode == FakeDecoder::swallows) {
    gst_video_decoder_release_frame(decoder, frame);
    return GST_FLOW_OK;
  }
  if (mode == FakeDecoder::breaks && count >= 10) {
    gst_video_decoder_release_frame(decoder, frame);
    GST_ELEMENT_ERROR(decoder, LIBRARY, FAILED, ("the device is lost"), (nullptr));
    return GST_FLOW_ERROR;
  }
  const GstFlowReturn made = gst_video_decoder_allocate_output_frame(decoder, frame);
  if (made != GST_FLOW_OK) return made;
  gst_buffer_memset(frame->output_buffer, 0, 77, gst_buffer_get_size(frame->output_buffer));
  return gst_video_decoder_finish_frame(decoder, frame);
}

GstStaticPadTemplate sink_pad = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-h264, stream-format=byte-stream, alignment=au"));
GstStaticPadTemplate source_pad =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-raw, format=NV12"));

void class_init(gpointer type, gpointer) {
  auto* element = GST_ELEMENT_CLASS(type);
  gst_element_class_add_static_pad_template(element, &sink_pad);
  gst_element_class_add_static_pad_template(element, &source_pad);
  gst_element_class_set_static_metadata(element, "Fake", "Codec/Decoder/Video/Hardware", "Grey pictures", "Tests");
  auto* decoder = GST_VIDEO_DECODER_CLASS(type);
  decoder->open = open_device;
  decoder->getcaps = get_caps;
  decoder->set_format = set_format;
  decoder->handle_frame = handle_frame;
}

GType type() {
  static const GType made = [] {
    GTypeInfo info{};
    info.class_size = sizeof(DecoderClass);
    info.class_init = class_init;
    info.instance_size = sizeof(Decoder);
    return g_type_register_static(GST_TYPE_VIDEO_DECODER, "LynceusFakeDecoder", &info, GTypeFlags{});
  }();
  return made;
}

}  // namespace

bool register_fake_decoder() {
  gst::init();
  static const bool registered = [] {
    return !gst::have_element("nvh264dec") && gst_element_register(nullptr, "nvh264dec", GST_RANK_NONE, type());
  }();
  return registered;
}

void set_fake_decoder(FakeDecoder to) { mode = to; }

}  // namespace lynceus::test
