#include "tests/integration/ingest_rtsp_server.h"

#include <stdexcept>

#include "base/gst.h"

namespace lynceus::test {
namespace {

std::string first_word(const std::string& text) { return text.substr(0, text.find(' ')); }

}  // namespace

std::optional<std::string> RtspServer::launch(const std::string& encoder, const std::string& payloader) {
  if (!gst::have_element(first_word(encoder).c_str())) return std::nullopt;
  return "( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=640,height=480,framerate=25/1 ! " +
         encoder + " ! " + payloader + " name=pay0 pt=96 )";
}

RtspServer::RtspServer(const Settings& settings) {
  gst::init();
  context_ = g_main_context_new();
  loop_ = g_main_loop_new(context_, FALSE);
  server_ = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server_, "127.0.0.1");
  gst_rtsp_server_set_service(server_, std::to_string(settings.port).c_str());

  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, settings.launch.c_str());
  gst_rtsp_media_factory_set_protocols(factory, settings.transports);
  if (!settings.user.empty()) require_password(settings);
  if (!settings.certificate.empty()) encrypt(settings.certificate);
  if (!settings.user.empty() || encrypted_) {
    gst_rtsp_media_factory_add_role(factory, "user", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
  }
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_);
  gst_rtsp_mount_points_add_factory(mounts, "/cam", factory);
  g_object_unref(mounts);

  if (gst_rtsp_server_attach(server_, context_) == 0) throw std::runtime_error("the RTSP server does not start");
  port_ = gst_rtsp_server_get_bound_port(server_);
  thread_ = std::thread([this] {
    g_main_context_push_thread_default(context_);
    g_main_loop_run(loop_);
    g_main_context_pop_thread_default(context_);
  });
}

void RtspServer::require_password(const Settings& settings) {
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
  GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "user", nullptr);
  gst_rtsp_auth_add_digest(auth, settings.user.c_str(), settings.password.c_str(), token);
  gst_rtsp_token_unref(token);
  gst_rtsp_server_set_auth(server_, auth);
  g_object_unref(auth);
}

/// Encryption comes with the server's guard, so everybody is let in by name.
void RtspServer::encrypt(const std::string& certificate) {
  GError* error = nullptr;
  GTlsCertificate* tls = g_tls_certificate_new_from_pem(certificate.c_str(), -1, &error);
  const gst::ErrorPtr owned(error);
  if (tls == nullptr) throw std::runtime_error(error != nullptr ? error->message : "no certificate");
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  gst_rtsp_auth_set_tls_certificate(auth, tls);
  GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "user", nullptr);
  gst_rtsp_auth_set_default_token(auth, token);
  gst_rtsp_token_unref(token);
  gst_rtsp_server_set_auth(server_, auth);
  g_object_unref(auth);
  g_object_unref(tls);
  encrypted_ = true;
}

RtspServer::~RtspServer() {
  // Clients are thrown out first, on the server's own thread, or they would keep the port's connections alive. A source
  // of its own, not g_main_context_invoke: that runs here when the thread is not there yet, whose loop would never end.
  GSource* last = g_idle_source_new();
  g_source_set_callback(
      last,
      [](gpointer self) -> gboolean {
        auto* server = static_cast<RtspServer*>(self);
        const auto remove = [](GstRTSPServer*, GstRTSPClient*, gpointer) { return GST_RTSP_FILTER_REMOVE; };
        gst_rtsp_server_client_filter(server->server_, remove, nullptr);
        g_main_loop_quit(server->loop_);
        return G_SOURCE_REMOVE;
      },
      this, nullptr);
  g_source_attach(last, context_);
  g_source_unref(last);
  thread_.join();
  g_object_unref(server_);
  g_main_loop_unref(loop_);
  g_main_context_unref(context_);
}

std::string RtspServer::url(const std::string& path, const std::string& user_info) const {
  return std::string(encrypted_ ? "rtsps://" : "rtsp://") + (user_info.empty() ? "" : user_info + "@") +
         "127.0.0.1:" + std::to_string(port_) + path;
}

}  // namespace lynceus::test
