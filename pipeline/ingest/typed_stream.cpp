#include "pipeline/ingest/typed_stream.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/gst.h"
#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/session_refused.h"
#include "pipeline/ingest/signals.h"

namespace lynceus::ingest {
namespace {

struct Search {
  GstBin* bin = nullptr;  // borrowed: owns the elements whose signals call us
  VideoFound found;
  VideoRefused refused;
};

std::string media_of(const GstCaps* caps) {
  if (!caps || gst_caps_is_any(caps) || gst_caps_is_empty(caps)) return {};
  return gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

bool is_video(const std::string& media) { return media.starts_with("video/") || media.starts_with("image/"); }

void take(const Search& search, GstPad* pad, const GstCaps* caps) {
  try {
    search.found(pad, codec_of(caps));
  } catch (const SessionRefused& refused) {
    search.refused(refused.failure());
  }
}

void pad_added(GstElement*, GstPad* pad, gpointer data) {
  gst::CapsPtr caps(gst_pad_get_current_caps(pad));
  if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
  if (is_video(media_of(caps.get()))) take(*Held<Search>(data), pad, caps.get());
}

void have_type(GstElement* typefind, guint, GstCaps* caps, gpointer data) {
  const Held<Search> search(data);
  const gst::PadPtr pad(gst_element_get_static_pad(typefind, "src"));
  const std::string media = media_of(caps);
  if (media == "image/jpeg") return take(*search, pad.get(), caps);
  if (media.starts_with("text/")) return search->refused(unsupported("no video but " + media));
  try {
    GstElement* next = make_element(media == "multipart/x-mixed-replace" ? "multipartdemux" : "parsebin");
    connect(next, "pad-added", G_CALLBACK(pad_added), search.shared());
    if (!append(search->bin, pad.get(), {next})) throw SessionRefused(unsupported("cannot read " + media));
  } catch (const SessionRefused& refused) {
    search->refused(refused.failure());
  }
}

}  // namespace

void append_typed_stream(GstBin* bin, GstElement* source, VideoFound found, VideoRefused refused) {
  auto search = std::make_shared<Search>();
  search->bin = bin;
  search->found = std::move(found);
  search->refused = std::move(refused);
  GstElement* typefind = make_element("typefind");
  connect(typefind, "have-type", G_CALLBACK(have_type), search);
  gst_bin_add_many(bin, source, typefind, nullptr);
  if (!gst_element_link(source, typefind)) throw SessionRefused(unsupported("cannot read this source"));
}

}  // namespace lynceus::ingest
