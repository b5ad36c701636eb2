#include "pipeline/ingest/sink.h"

#include <gst/video/video.h>

#include <string_view>

#include "base/gst.h"
#include "pipeline/ingest/codec.h"
#include "pipeline/ingest/picture_pool.h"

namespace lynceus::ingest {
namespace {

/// A device has buffers of its own, one that decodes, too; a decoder in software takes what it is offered.
bool fed_by_decoder(GstPad* sink) {
  const gst::PadPtr peer(gst_pad_get_peer(sink));
  const gst::ElementPtr before(peer ? gst_pad_get_parent_element(peer.get()) : nullptr);
  if (!before || !GST_IS_VIDEO_DECODER(before.get())) return false;
  const char* kind = gst_element_get_metadata(before.get(), GST_ELEMENT_METADATA_KLASS);
  return !kind || std::string_view(kind).find("Hardware") == std::string_view::npos;
}

/// Without the metas a decoder copies every picture into tightly packed memory before it hands it on.
GstPadProbeReturn answer_allocation(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
  if (fed_by_decoder(pad)) offer_picture_pool(query);
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  gst_query_add_allocation_meta(query, GST_VIDEO_CROP_META_API_TYPE, nullptr);
  return GST_PAD_PROBE_HANDLED;
}

/// What goes into the decoder before this sink.
gst::CapsPtr encoded_caps(GstAppSink* sink) {
  const gst::PadPtr pad(gst_element_get_static_pad(GST_ELEMENT(sink), "sink"));
  const gst::PadPtr decoded(gst_pad_get_peer(pad.get()));
  const gst::ElementPtr decoder(decoded ? gst_pad_get_parent_element(decoded.get()) : nullptr);
  const gst::PadPtr encoded(decoder ? gst_element_get_static_pad(decoder.get(), "sink") : nullptr);
  return gst::CapsPtr(encoded ? gst_pad_get_current_caps(encoded.get()) : nullptr);
}

const GstStructure* first(const GstCaps* caps) {
  return caps && gst_caps_get_size(caps) > 0 ? gst_caps_get_structure(caps, 0) : nullptr;
}

bool colour_told(const GstStructure* caps) { return caps && gst_structure_has_field(caps, "colorimetry"); }

/// Parsers of these put the stream's own words on colour into their caps.
bool parser_tells_colour(const GstStructure* encoded) {
  const std::string_view media = encoded ? gst_structure_get_name(encoded) : "";
  return media == "video/x-h264" || media == "video/x-h265";
}

}  // namespace

GstElement* make_picture_sink() {
  GstElement* sink = make_element("appsink");
  g_object_set(sink, "sync", FALSE, "max-buffers", 1U, "drop", TRUE, "emit-signals", FALSE, "enable-last-sample", FALSE,
               "wait-on-eos", FALSE, nullptr);
  const gst::CapsPtr raw(gst_caps_from_string("video/x-raw"));
  gst_app_sink_set_caps(GST_APP_SINK(sink), raw.get());
  const gst::PadPtr pad(gst_element_get_static_pad(sink, "sink"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, answer_allocation, nullptr, nullptr);
  return sink;
}

bool guess_matrix(GstAppSink* sink, const GstCaps* decoded) {
  if (!colour_told(first(decoded))) return true;
  const gst::CapsPtr encoded = encoded_caps(sink);
  const GstStructure* structure = first(encoded.get());
  return parser_tells_colour(structure) && !colour_told(structure);
}

}  // namespace lynceus::ingest
