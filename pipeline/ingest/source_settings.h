// How one camera's video is fetched. Filled by config/, read by ingest/.
#pragma once

#include <chrono>
#include <string>

namespace lynceus::ingest {

enum class Transport { automatic, tcp, udp };
enum class Decoder { automatic, software, vaapi, nvidia };

struct SourceSettings {
  /// rtsp(s)://, http(s):// (JPEG or MJPEG), file path or file://, folder of pictures, v4l2:///dev/videoN,
  /// sim://SCENE?fps=10&size=640x480. Secrets are already substituted: never print it, `redacted(url)` is for that.
  std::string detect;
  /// A second stream of the same camera kept for evidence, never decoded; empty: none.
  std::string evidence;
  Transport transport = Transport::automatic;
  std::chrono::milliseconds latency{200};  ///< of the UDP jitter buffer; 0 over TCP
  Decoder decoder = Decoder::automatic;
  double fps = 0;                                   ///< frames handed on are thinned to this; 0: as they come
  std::chrono::milliseconds connect_timeout{8000};  ///< to the first frame
  std::chrono::milliseconds stall_after{3000};      ///< no frame for so long: stalled, and reconnected at twice that
  bool verify_tls = true;  ///< of rtsps and https: false takes any certificate (encrypts, proves nothing)
};

/// The URL without user info and without values of secret query parameters; for logs, API, errors and metrics.
std::string redacted(const std::string& url);

}  // namespace lynceus::ingest
