// One attempt at a camera: opened, it delivers into its Feed until it says `ended` or is destroyed.
// Owner: the source's control thread, which alone makes and destroys it. Destruction is bounded by about a second.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "pipeline/ingest/feed.h"
#include "pipeline/ingest/source_settings.h"
#include "pipeline/scenes/scene.h"

namespace lynceus::ingest {

class Session {
 public:
  virtual ~Session() = default;
  /// The hardware decoder that did not manage this stream; empty: none was used, or it does its work.
  virtual std::string failed_decoder() const { return {}; }
};

/// What to fetch and how, for one attempt.
struct SessionRequest {
  SourceSettings settings;
  Transport transport = Transport::tcp;  ///< of RTSP; never automatic
  Decoder decoder = Decoder::automatic;  ///< software once hardware has failed
};

/// What a kind of address asks of the state machine.
struct SourceKind {
  using Open = std::unique_ptr<Session> (*)(const SessionRequest& request, Feed feed);
  Open open = nullptr;
  bool repeats = false;  ///< the end is no trouble: begin again
  bool count_repeats = false;
  bool has_transport = false;  ///< RTSP: by TCP or UDP
  std::chrono::milliseconds repeat_after{500};
  std::chrono::milliseconds least_stall{0};  ///< pictures come no faster than this
};

/// Throws Error (Exit::bad_config) for an address of no known kind.
SourceKind kind_of_source(const SourceSettings& settings);

/// What a sim:// address asks for. Throws Error (Exit::bad_config).
struct SceneRequest {
  scenes::SceneSettings scene;
  double fps = 10;
};
SceneRequest scene_request(const std::string& address);

// One per kind; each throws SessionRefused when it cannot even begin.
std::unique_ptr<Session> open_rtsp(const SessionRequest& request, Feed feed);
std::unique_ptr<Session> open_http(const SessionRequest& request, Feed feed);
std::unique_ptr<Session> open_v4l2(const SessionRequest& request, Feed feed);
std::unique_ptr<Session> open_file(const SessionRequest& request, Feed feed);
std::unique_ptr<Session> open_folder(const SessionRequest& request, Feed feed);
std::unique_ptr<Session> open_scene(const SessionRequest& request, Feed feed);

}  // namespace lynceus::ingest
