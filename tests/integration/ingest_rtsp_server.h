// A small RTSP server in the test's process: one pipeline behind rtsp://127.0.0.1:PORT/cam, on a port of its own.
// It can go and come back on the same port. Thread: bound to the test; serves on a thread of its own.
#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include <optional>
#include <string>
#include <thread>

namespace lynceus::test {

class RtspServer {
 public:
  struct Settings {
    std::string launch;  ///< ends in an RTP payloader named pay0
    std::string user{}, password{};
    GstRTSPLowerTrans transports = static_cast<GstRTSPLowerTrans>(GST_RTSP_LOWER_TRANS_TCP | GST_RTSP_LOWER_TRANS_UDP);
    int port = 0;               ///< 0: any free one
    std::string certificate{};  ///< PEM, key included: rtsps://
  };

  explicit RtspServer(const Settings& settings);
  ~RtspServer();
  RtspServer(const RtspServer&) = delete;
  RtspServer& operator=(const RtspServer&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& path = "/cam", const std::string& user_info = "") const;

  /// 640 × 480 at 25 fps through this encoder; nothing where it is not installed.
  static std::optional<std::string> launch(const std::string& encoder, const std::string& payloader);

 private:
  void require_password(const Settings& settings);
  void encrypt(const std::string& certificate);

  GMainContext* context_;
  GMainLoop* loop_;
  GstRTSPServer* server_;
  int port_ = 0;
  bool encrypted_ = false;
  std::thread thread_;
};

}  // namespace lynceus::test
