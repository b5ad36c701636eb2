// The RTSP face of one camera: listens on one port, gives every client a pipeline of its own, asks for credentials.
//
// It stands for one way of being reachable; a fault that changes that (port closed, other codec, other credentials)
// destroys it and makes another on the same port. A media is not shared between clients: gst-rtsp-server can abort when
// clients of a shared one come and go. Thread: made, used and destroyed in the thread of its main context.
#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include <memory>
#include <string>

#include "base/gst.h"
#include "tools/simulate/channel.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {

struct RtspSettings {
  std::string address = "127.0.0.1";
  int port = 0;  ///< 0: any
  std::string path;
  Codec codec = Codec::h264;
  std::string user, password;  ///< empty: open to all
  CameraSpec::Auth auth = CameraSpec::Auth::any;
  CameraSpec::Transport transport = CameraSpec::Transport::any;
  std::uint64_t seed = 1;
};

class RtspServer {
 public:
  /// Throws Error (Exit::fatal) when the port cannot be had.
  RtspServer(const RtspSettings& settings, std::shared_ptr<Channel> channel, GMainContext* context);
  ~RtspServer();
  RtspServer(const RtspServer&) = delete;
  RtspServer& operator=(const RtspServer&) = delete;

  int port() const;
  /// Forgets sessions whose clients went without a word (UDP); to be called every few seconds.
  void forget_lost_sessions();

 private:
  void add_media(const RtspSettings& settings);
  void ask_for_credentials(const RtspSettings& settings);

  struct Unref {
    void operator()(gpointer p) const { g_object_unref(p); }
  };
  std::shared_ptr<Channel> channel_;
  std::unique_ptr<GstRTSPServer, Unref> server_;
  GSource* source_ = nullptr;
};

}  // namespace lynceus::tools
