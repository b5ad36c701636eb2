#include "pipeline/ingest/rtsp_guard.h"

#include <gst/gst.h>
#include <gst/rtsp/rtsp.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/gst.h"

namespace lynceus::ingest {
namespace {

struct Free {
  void operator()(GstRTSPAuthCredential** credentials) const { gst_rtsp_auth_credentials_free(credentials); }
};
using Credentials = std::unique_ptr<GstRTSPAuthCredential*, Free>;

/// A Digest challenge needs parameters, each with a value.
bool sound(const GstRTSPAuthCredential& credential) {
  if (credential.scheme != GST_RTSP_AUTH_DIGEST) return true;
  if (!credential.params) return false;
  for (GstRTSPAuthParam** param = credential.params; *param; ++param) {
    if (!(*param)->name || !(*param)->value) return false;
  }
  return true;
}

bool challenges_sound(GstRTSPMessage* answer) {
  const Credentials all(gst_rtsp_message_parse_auth_credentials(answer, GST_RTSP_HDR_WWW_AUTHENTICATE));
  if (!all) return true;
  GstRTSPAuthCredential** end = all.get();
  while (*end) ++end;
  return std::all_of(all.get(), end, [](const GstRTSPAuthCredential* credential) { return sound(*credential); });
}

void remove_all(GstRTSPMessage* answer, GstRTSPHeaderField header) {
  while (gst_rtsp_message_remove_header(answer, header, -1) == GST_RTSP_OK) {
  }
}

/// Wherever it stands in a description: a name nobody knows from now on.
void hide_keys(GstRTSPMessage* answer) {
  constexpr std::string_view kName = "key-mgmt", kNobodys = "key-none";
  guint8* data = nullptr;
  guint size = 0;
  if (gst_rtsp_message_get_body(answer, &data, &size) != GST_RTSP_OK || !data) return;
  for (guint8* at = data;; at += kName.size()) {
    at = std::search(at, data + size, kName.begin(), kName.end());
    if (at == data + size) return;
    std::copy(kNobodys.begin(), kNobodys.end(), at);
  }
}

GstRTSPResult after_send(GstRTSPExtension*, GstRTSPMessage*, GstRTSPMessage* answer) {
  if (!answer || answer->type != GST_RTSP_MESSAGE_RESPONSE) return GST_RTSP_OK;
  if (!challenges_sound(answer)) remove_all(answer, GST_RTSP_HDR_WWW_AUTHENTICATE);
  remove_all(answer, GST_RTSP_HDR_KEYMGMT);
  hide_keys(answer);
  return GST_RTSP_OK;
}

void implement(gpointer interface, gpointer) {
  static_cast<GstRTSPExtensionInterface*>(interface)->after_send = after_send;
}

void describe(gpointer klass, gpointer) {
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "RTSP answer guard", "Network/Extension/Protocol",
                                        "Takes out of an answer what rtspsrc cannot read", "Lynceus");
}

GType guard_type() {
  GTypeInfo info{};
  info.class_size = sizeof(GstElementClass);
  info.class_init = describe;
  info.instance_size = sizeof(GstElement);
  const GType type = g_type_register_static(GST_TYPE_ELEMENT, "LynceusRtspGuard", &info, GTypeFlags{});
  const GInterfaceInfo extension{implement, nullptr, nullptr};
  g_type_add_interface_static(type, GST_TYPE_RTSP_EXTENSION, &extension);
  return type;
}

}  // namespace

void guard_rtsp_answers() {
  static std::once_flag once;
  std::call_once(once, [] {
    gst::init();
    gst_element_register(nullptr, "lynceusrtspguard", GST_RANK_MARGINAL, guard_type());
  });
}

}  // namespace lynceus::ingest
