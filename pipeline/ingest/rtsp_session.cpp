// RTSP: rtspsrc with exactly the first video we can decode set up, its pad followed by depayloader and decoding.
#include <gst/gst.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/ingest/codec.h"
#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/gst_session.h"
#include "pipeline/ingest/rtsp_guard.h"
#include "pipeline/ingest/signals.h"
#include "pipeline/ingest/url.h"

namespace lynceus::ingest {
namespace {

/// What the signal handlers of one rtspsrc know; owned by its signal closures.
struct Choice {
  std::shared_ptr<Flow> flow;
  GstBin* bin = nullptr;  // borrowed: the pipeline outlives rtspsrc
  std::atomic<bool> chosen{false};
};

bool is_video(const GstCaps* caps) {
  if (!caps || gst_caps_get_size(caps) == 0) return false;
  const char* media = gst_structure_get_string(gst_caps_get_structure(caps, 0), "media");
  return media && std::string_view(media) == "video";
}

/// Only the first video of a known kind is set up: sound and metadata would cost the camera and us for nothing.
gboolean select_stream(GstElement*, guint, GstCaps* caps, gpointer data) {
  const Held<Choice> choice(data);
  if (choice->chosen || !is_video(caps)) return FALSE;
  try {
    codec_of_rtp(caps);
    choice->chosen = true;
    return TRUE;
  } catch (const SessionRefused& refused) {
    choice->flow->refused(refused.failure());
    return FALSE;
  }
}

void pad_added(GstElement*, GstPad* pad, gpointer data) {
  const Held<Choice> choice(data);
  gst::CapsPtr caps(gst_pad_get_current_caps(pad));
  if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
  if (!is_video(caps.get()) || choice->flow->attached()) return;
  try {
    const Codec codec = codec_of_rtp(caps.get());
    GstElement* depay = make_element(codec.depay);
    if (!append(choice->bin, pad, {depay}))
      throw SessionRefused(unsupported("cannot unpack this " + codec.name + " stream"));
    const gst::PadPtr encoded(gst_element_get_static_pad(depay, "src"));
    choice->flow->attach(choice->bin, encoded.get(), codec);
  } catch (const SessionRefused& refused) {
    choice->flow->fail(refused.failure());
  }
}

/// Asked for a certificate that did not pass; the library's own error would not say what is wrong.
gboolean refuse_certificate(GstElement*, gpointer, gpointer, guint, gpointer data) {
  Held<Choice>(data)->flow->fail({Reconnect::refused, TransportState::offline,
                                  "the camera's certificate is not trusted (verify_tls: false takes any)"});
  return FALSE;
}

guint64 microseconds(std::chrono::milliseconds time) {
  return static_cast<guint64>(std::chrono::microseconds(time).count());
}

void set_up(GstElement* source, const SessionRequest& request, const Url& url) {
  const bool tcp = request.transport != Transport::udp || url.scheme == "rtsps";
  const SourceSettings& settings = request.settings;
  // Credentials go in beside the location, so that no message of the library can quote them.
  g_object_set(source, "location", url.bare().c_str(), nullptr);
  if (!url.user.empty()) g_object_set(source, "user-id", url.user.c_str(), "user-pw", url.password.c_str(), nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "protocols", tcp ? "tcp" : "udp");
  const auto latency = static_cast<guint>(tcp ? 0 : std::clamp<std::int64_t>(settings.latency.count(), 0, 10000));
  g_object_set(source, "latency", latency, "drop-on-latency", tcp ? FALSE : TRUE, "udp-buffer-size", 2 << 20,
               // Silence is judged by the state machine, not by rtspsrc's change of transport behind our back.
               "timeout", guint64{0}, "tcp-timeout", microseconds(settings.connect_timeout), "teardown-timeout",
               guint64{100} * GST_MSECOND, "do-rtsp-keep-alive", TRUE, "do-rtcp", TRUE, nullptr);
  // The camera's own times as they are: bringing them in line with our clock takes a stream's B-frames for jitter.
  if (tcp) gst_util_set_object_arg(G_OBJECT(source), "buffer-mode", "none");
  if (!settings.verify_tls) gst_util_set_object_arg(G_OBJECT(source), "tls-validation-flags", "0");
  gst_util_set_object_arg(G_OBJECT(source), "backchannel", "none");
}

}  // namespace

std::unique_ptr<Session> open_rtsp(const SessionRequest& request, Feed feed) {
  auto session = std::make_unique<GstSession>(std::move(feed), request.decoder);
  const auto url = parse_url(request.settings.detect);
  if (!url || url->address.empty()) throw SessionRefused(unsupported("no host in the address"));
  guard_rtsp_answers();
  GstElement* source = make_element("rtspsrc");
  set_up(source, request, *url);

  const auto choice = std::make_shared<Choice>();
  choice->flow = session->flow();
  choice->bin = session->bin();
  connect(source, "select-stream", G_CALLBACK(select_stream), choice);
  connect(source, "pad-added", G_CALLBACK(pad_added), choice);
  connect(source, "accept-certificate", G_CALLBACK(refuse_certificate), choice);
  gst_bin_add(session->bin(), source);
  session->play();
  return session;
}

}  // namespace lynceus::ingest
