// The pipelines other than RTSP: web cameras, files, devices. Each is one source element and a Flow.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/gst_session.h"
#include "pipeline/ingest/local_path.h"
#include "pipeline/ingest/typed_stream.h"
#include "pipeline/ingest/url.h"

namespace lynceus::ingest {
namespace {

/// A video of any container or none behind `source`, decoded into the session's flow.
void decode_whatever(GstSession& session, GstElement* source) {
  append_typed_stream(
      session.bin(), source,
      [flow = session.flow(), bin = session.bin()](GstPad* pad, const Codec& codec) { flow->attach(bin, pad, codec); },
      [flow = session.flow()](const Failure& failure) { flow->fail(failure); });
}

/// Formats a Frame reads in place or cheaply, the best first; then what a decoder is needed for.
constexpr std::array kDeviceCaps{"video/x-raw,format=GRAY16_LE", "video/x-raw,format={NV12,I420,YV12,GRAY8}",
                                 "video/x-raw,format={YUY2,UYVY}", "image/jpeg", "video/x-h264"};

/// The first kind of picture both the device and we can do.
gst::CapsPtr device_caps(GstElement* source) {
  const gst::PadPtr pad(gst_element_get_static_pad(source, "src"));
  const gst::CapsPtr offered(gst_pad_query_caps(pad.get(), nullptr));
  for (const char* wanted_text : kDeviceCaps) {
    const gst::CapsPtr wanted(gst_caps_from_string(wanted_text));
    gst::CapsPtr common(gst_caps_intersect(offered.get(), wanted.get()));
    if (!gst_caps_is_empty(common.get())) return common;
  }
  throw SessionRefused(unsupported("the device offers no picture we can read"));
}

}  // namespace

std::unique_ptr<Session> open_http(const SessionRequest& request, Feed feed) {
  auto session = std::make_unique<GstSession>(std::move(feed), request.decoder);
  const auto url = parse_url(request.settings.detect);
  if (!url || url->address.empty()) throw SessionRefused(unsupported("no host in the address"));
  GstElement* source = make_element("souphttpsrc");
  const auto timeout_s = static_cast<guint>(std::max<std::int64_t>(1, request.settings.connect_timeout.count() / 1000));
  g_object_set(source, "location", url->bare().c_str(), "is-live", TRUE, "timeout", timeout_s, "retries", 0,
               "keep-alive", FALSE, "ssl-strict", request.settings.verify_tls ? TRUE : FALSE, nullptr);
  if (!url->user.empty()) g_object_set(source, "user-id", url->user.c_str(), "user-pw", url->password.c_str(), nullptr);
  decode_whatever(*session, source);
  session->play();
  return session;
}

std::unique_ptr<Session> open_file(const SessionRequest& request, Feed feed) {
  auto session = std::make_unique<GstSession>(std::move(feed), request.decoder, Flow::Pace::real_time);
  GstElement* source = make_element("filesrc");
  g_object_set(source, "location", local_path(request.settings.detect).c_str(), nullptr);
  decode_whatever(*session, source);
  session->play();
  return session;
}

std::unique_ptr<Session> open_v4l2(const SessionRequest& request, Feed feed) {
  auto session = std::make_unique<GstSession>(std::move(feed), request.decoder);
  GstElement* source = make_element("v4l2src");
  gst_bin_add(session->bin(), source);
  g_object_set(source, "device", local_path(request.settings.detect).c_str(), nullptr);
  if (gst_element_set_state(source, GST_STATE_READY) == GST_STATE_CHANGE_FAILURE) {
    throw SessionRefused({Reconnect::network, TransportState::offline, "the device cannot be opened"});
  }
  const gst::CapsPtr caps = device_caps(source);
  GstElement* filter = make_element("capsfilter");
  g_object_set(filter, "caps", caps.get(), nullptr);
  const gst::PadPtr offered(gst_element_get_static_pad(source, "src"));
  if (!append(session->bin(), offered.get(), {filter})) throw SessionRefused(unsupported("the device cannot be read"));
  const gst::PadPtr encoded(gst_element_get_static_pad(filter, "src"));
  session->flow()->attach(session->bin(), encoded.get(), codec_of(caps.get()));
  session->play();
  return session;
}

}  // namespace lynceus::ingest
