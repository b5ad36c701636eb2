#include "pipeline/ingest/codec.h"

#include <array>
#include <string_view>

#include "pipeline/ingest/encoded_tap.h"
#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/session_refused.h"

namespace lynceus::ingest {
namespace {

struct Row {
  const char *name, *media, *encoding, *depay, *parser;
  std::array<const char*, 2> decoders;
};

constexpr std::array<Row, 3> kCodecs{{
    {"H.264", "video/x-h264", "H264", "rtph264depay", "h264parse", {"avdec_h264", "openh264dec"}},
    {"H.265", "video/x-h265", "H265", "rtph265depay", "h265parse", {"avdec_h265", "libde265dec"}},
    {"JPEG", "image/jpeg", "JPEG", "rtpjpegdepay", "jpegparse", {"jpegdec", "avdec_mjpeg"}},
}};

Codec of_row(const Row& row) {
  for (const char* decoder : row.decoders) {
    if (!gst::have_element(decoder)) continue;
    return {row.name, row.depay, gst::have_element(row.parser) ? row.parser : "", decoder};
  }
  throw SessionRefused(unsupported(std::string("no decoder for ") + row.name + " is installed"));
}

const GstStructure* first(const GstCaps* caps) {
  if (!caps || gst_caps_is_any(caps) || gst_caps_is_empty(caps)) return nullptr;
  return gst_caps_get_structure(caps, 0);
}

std::string text_of(const GstStructure* structure, const char* field) {
  const char* value = structure ? gst_structure_get_string(structure, field) : nullptr;
  return value ? value : "";
}

/// The best-ranked software decoder of the registry; empty: none.
std::string registered_decoder(const GstCaps* caps) {
  GList* all = gst_element_factory_list_get_elements(
      GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO, GST_RANK_MARGINAL);
  all = g_list_sort(all, gst_plugin_feature_rank_compare_func);
  GList* able = gst_element_factory_list_filter(all, caps, GST_PAD_SINK, FALSE);
  std::string found;
  for (GList* at = able; at && found.empty(); at = at->next) {
    auto* factory = GST_ELEMENT_FACTORY(at->data);
    const char* kind = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS);
    if (kind && std::string_view(kind).find("Hardware") != std::string_view::npos) continue;
    found = GST_OBJECT_NAME(factory);
  }
  gst_plugin_feature_list_free(able);
  gst_plugin_feature_list_free(all);
  return found;
}

void set_up_decoder(GstElement* element) {
  auto* type = G_OBJECT_GET_CLASS(element);
  if (g_object_class_find_property(type, "max-threads")) g_object_set(element, "max-threads", 1, nullptr);
  // Rendering into downstream's buffers sounds cheaper, but libav still writes to them when GStreamer wants them for
  // itself: each frame is then copied into fresh memory, a page fault every 4 KiB. Without, the copy goes into a pool.
  if (g_object_class_find_property(type, "direct-rendering")) g_object_set(element, "direct-rendering", FALSE, nullptr);
  // A broken frame is an everyday event on a network; the decoder must never give up.
  if (g_object_class_find_property(type, "max-errors")) g_object_set(element, "max-errors", -1, nullptr);
  if (g_object_class_find_property(type, "output-corrupt")) g_object_set(element, "output-corrupt", TRUE, nullptr);
}

/// Null: nothing to be said, or the decoder (not null) would refuse it.
GstElement* storable_filter(const Codec& codec, GstElement* decoder) {
  const gst::CapsPtr caps = codec.parser.empty() ? nullptr : storable_caps(codec.name);
  if (!caps) return nullptr;
  if (decoder) {
    const gst::PadPtr pad(gst_element_get_static_pad(decoder, "sink"));
    const gst::CapsPtr taken(gst_pad_query_caps(pad.get(), nullptr));
    if (!gst_caps_can_intersect(caps.get(), taken.get())) return nullptr;
  }
  GstElement* filter = make_element("capsfilter");
  g_object_set(filter, "caps", caps.get(), nullptr);
  return filter;
}

}  // namespace

Codec codec_of_rtp(const GstCaps* caps) {
  const std::string encoding = text_of(first(caps), "encoding-name");
  for (const Row& row : kCodecs) {
    if (encoding == row.encoding) return of_row(row);
  }
  throw SessionRefused(unsupported("video of the kind " + (encoding.empty() ? "unknown" : encoding)));
}

Codec codec_of(const GstCaps* caps) {
  const GstStructure* structure = first(caps);
  if (!structure) throw SessionRefused(unsupported("a stream of no known kind"));
  const std::string media = gst_structure_get_name(structure);
  for (const Row& row : kCodecs) {
    if (media == row.media) return of_row(row);
  }
  if (media == "video/x-raw") return {"raw", "", "", ""};
  const std::string decoder = registered_decoder(caps);
  if (decoder.empty()) throw SessionRefused(unsupported("no decoder for " + media));
  return {media.substr(media.find('/') + 1), "", "", decoder};
}

GstElement* make_element(const std::string& factory) {
  GstElement* element = gst_element_factory_make(factory.c_str(), nullptr);
  if (!element) throw SessionRefused(unsupported("the GStreamer element " + factory + " is not installed"));
  set_up_decoder(element);
  return element;
}

bool append(GstBin* bin, GstPad* from, const std::vector<GstElement*>& elements) {
  // The bin may be on its way to another state: it would bring them up from its own thread, wait there for the streaming
  // thread we are often called from, and we here for it. Locked, they are left to us.
  for (GstElement* element : elements) {
    gst_element_set_locked_state(element, TRUE);
    gst_bin_add(bin, element);
  }
  gst::PadPtr source(GST_PAD(gst_object_ref(from)));
  bool linked = true;
  for (GstElement* element : elements) {
    const gst::PadPtr sink(gst_element_get_static_pad(element, "sink"));
    linked = linked && source && sink && gst_pad_link(source.get(), sink.get()) == GST_PAD_LINK_OK;
    source.reset(gst_element_get_static_pad(element, "src"));
  }
  // From the end to the front, so that no element pushes into one that is not ready.
  for (auto at = elements.rbegin(); at != elements.rend(); ++at) {
    linked = gst_element_sync_state_with_parent(*at) && linked;
    gst_element_set_locked_state(*at, FALSE);
  }
  return linked;
}

GstElement* append_decoding(GstBin* bin, GstPad* encoded, const Codec& codec, bool storable, GstElement* sink) {
  std::vector<GstElement*> elements;
  if (!codec.parser.empty()) elements.push_back(make_element(codec.parser));
  if (!codec.decoder.empty()) {
    GstElement* decoder = make_element(codec.decoder);
    if (GstElement* filter = storable ? storable_filter(codec, decoder) : nullptr) elements.push_back(filter);
    elements.push_back(decoder);
  }
  elements.push_back(sink);
  if (!append(bin, encoded, elements))
    throw SessionRefused(unsupported("cannot decode this " + codec.name + " stream"));
  return elements.size() > 1 ? elements[elements.size() - 2] : nullptr;
}

GstElement* append_keeping(GstBin* bin, GstPad* encoded, const Codec& codec) {
  std::vector<GstElement*> elements;
  if (!codec.parser.empty()) elements.push_back(make_element(codec.parser));
  if (GstElement* filter = storable_filter(codec, nullptr)) elements.push_back(filter);
  elements.push_back(make_element("fakesink"));
  g_object_set(elements.back(), "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, nullptr);
  if (!append(bin, encoded, elements)) throw SessionRefused(unsupported("cannot keep this " + codec.name + " stream"));
  return elements.back();
}

}  // namespace lynceus::ingest
