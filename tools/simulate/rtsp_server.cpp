#include "tools/simulate/rtsp_server.h"

#include <utility>

#include "base/error.h"
#include "tools/simulate/pacer.h"

namespace lynceus::tools {
namespace {

constexpr const char* kRole = "viewer";
constexpr const char* kPacer = "lynceus-pacer";

/// What a media of this camera is made with; owned by the factory.
struct MediaNeeds {
  std::shared_ptr<Channel> channel;
  std::uint64_t seed;
};

std::string launch_line(Codec codec) {
  const std::string source =
      "( appsrc name=src is-live=true format=time do-timestamp=false block=false max-bytes=0 "
      "max-buffers=64 leaky-type=downstream ! ";
  if (codec == Codec::h264) return source + "rtph264pay name=pay0 pt=96 config-interval=-1 )";
  if (codec == Codec::h265) return source + "rtph265pay name=pay0 pt=96 config-interval=-1 )";
  return source + "rtpjpegpay name=pay0 pt=26 )";
}

/// Every packet on its way out; lists come from the payloader for pictures of several packets.
GstPadProbeReturn on_packets(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* pacer = static_cast<Pacer*>(data);
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    auto* packet = GST_PAD_PROBE_INFO_BUFFER(info);
    const bool passes = pacer->pass_packet(packet);
    info->data = packet;
    return passes ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }
  auto* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
  info->data = list;
  gst_buffer_list_foreach(
      list,
      [](GstBuffer** packet, guint, gpointer user) -> gboolean {
        if (static_cast<Pacer*>(user)->pass_packet(*packet)) return TRUE;
        gst_buffer_unref(*packet);
        *packet = nullptr;
        return TRUE;
      },
      pacer);
  return gst_buffer_list_length(list) > 0 ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

void on_state(GstRTSPMedia* media, gint state, gpointer) {
  auto* pacer = static_cast<Pacer*>(g_object_get_data(G_OBJECT(media), kPacer));
  if (pacer && state == GST_STATE_PLAYING) pacer->play();
}

void on_configure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) {
  const auto* needs = static_cast<MediaNeeds*>(data);
  const gst::ElementPtr bin(gst_rtsp_media_get_element(media));
  gst::ElementPtr source(gst_bin_get_by_name_recurse_up(GST_BIN(bin.get()), "src"));
  const gst::ElementPtr pay(gst_bin_get_by_name_recurse_up(GST_BIN(bin.get()), "pay0"));
  const auto nth = needs->channel->served++;
  auto* pacer = new Pacer(needs->channel, std::move(source), needs->seed + nth);
  // Owned by the media: it ends with its client.
  g_object_set_data_full(G_OBJECT(media), kPacer, pacer, [](gpointer p) { delete static_cast<Pacer*>(p); });
  g_signal_connect(media, "new-state", G_CALLBACK(on_state), nullptr);
  const gst::PadPtr pad(gst_element_get_static_pad(pay.get(), "src"));
  gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    on_packets, pacer, nullptr);
}

GstRTSPLowerTrans transports(CameraSpec::Transport transport) {
  if (transport == CameraSpec::Transport::tcp) return GST_RTSP_LOWER_TRANS_TCP;
  if (transport == CameraSpec::Transport::udp) return GST_RTSP_LOWER_TRANS_UDP;
  return static_cast<GstRTSPLowerTrans>(GST_RTSP_LOWER_TRANS_UDP | GST_RTSP_LOWER_TRANS_TCP);
}

GstRTSPAuthMethod methods(CameraSpec::Auth auth) {
  if (auth == CameraSpec::Auth::basic) return GST_RTSP_AUTH_BASIC;
  if (auth == CameraSpec::Auth::digest) return GST_RTSP_AUTH_DIGEST;
  return static_cast<GstRTSPAuthMethod>(GST_RTSP_AUTH_BASIC | GST_RTSP_AUTH_DIGEST);
}

}  // namespace

RtspServer::RtspServer(const RtspSettings& settings, std::shared_ptr<Channel> channel, GMainContext* context)
    : channel_(std::move(channel)), server_(gst_rtsp_server_new()) {
  gst_rtsp_server_set_address(server_.get(), settings.address.c_str());
  gst_rtsp_server_set_service(server_.get(), std::to_string(settings.port).c_str());
  // All clients in the main context's thread: no races between their coming and going.
  GstRTSPThreadPool* pool = gst_rtsp_server_get_thread_pool(server_.get());
  gst_rtsp_thread_pool_set_max_threads(pool, 0);
  g_object_unref(pool);
  add_media(settings);
  if (!settings.user.empty()) ask_for_credentials(settings);
  GError* raw = nullptr;
  source_ = gst_rtsp_server_create_source(server_.get(), nullptr, &raw);
  const gst::ErrorPtr error(raw);
  if (!source_)
    throw Error(Exit::fatal, "simulate", settings.address + ":" + std::to_string(settings.port),
                error ? error->message : "cannot listen");
  g_source_attach(source_, context);
}

RtspServer::~RtspServer() {
  if (source_) {
    g_source_destroy(source_);
    g_source_unref(source_);
  }
  GstRTSPSessionPool* sessions = gst_rtsp_server_get_session_pool(server_.get());
  gst_rtsp_server_client_filter(
      server_.get(), [](GstRTSPServer*, GstRTSPClient*, gpointer) { return GST_RTSP_FILTER_REMOVE; }, nullptr);
  gst_rtsp_session_pool_filter(
      sessions, [](GstRTSPSessionPool*, GstRTSPSession*, gpointer) { return GST_RTSP_FILTER_REMOVE; }, nullptr);
  g_object_unref(sessions);
}

int RtspServer::port() const { return gst_rtsp_server_get_bound_port(server_.get()); }

void RtspServer::forget_lost_sessions() {
  GstRTSPSessionPool* sessions = gst_rtsp_server_get_session_pool(server_.get());
  gst_rtsp_session_pool_cleanup(sessions);
  g_object_unref(sessions);
}

void RtspServer::add_media(const RtspSettings& settings) {
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch_line(settings.codec).c_str());
  gst_rtsp_media_factory_set_shared(factory, FALSE);
  gst_rtsp_media_factory_set_protocols(factory, transports(settings.transport));
  if (!settings.user.empty())
    gst_rtsp_media_factory_add_role(factory, kRole, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
  g_signal_connect_data(
      factory, "media-configure", G_CALLBACK(on_configure), new MediaNeeds{channel_, settings.seed},
      [](gpointer data, GClosure*) { delete static_cast<MediaNeeds*>(data); }, GConnectFlags(0));
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_.get());
  gst_rtsp_mount_points_add_factory(mounts, ("/" + settings.path).c_str(), factory);
  g_object_unref(mounts);
}

void RtspServer::ask_for_credentials(const RtspSettings& settings) {
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  gst_rtsp_auth_set_supported_methods(auth, methods(settings.auth));
  GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, kRole, nullptr);
  gst_rtsp_auth_add_digest(auth, settings.user.c_str(), settings.password.c_str(), token);
  gchar* basic = gst_rtsp_auth_make_basic(settings.user.c_str(), settings.password.c_str());
  gst_rtsp_auth_add_basic(auth, basic, token);
  g_free(basic);
  gst_rtsp_token_unref(token);
  gst_rtsp_server_set_auth(server_.get(), auth);
  g_object_unref(auth);
}

}  // namespace lynceus::tools
