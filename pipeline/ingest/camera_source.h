// One camera's video, kept alive for ever: connect, decode, hand on, notice trouble, reconnect.
//
//        ┌──────────► connecting ──first frame──► streaming ──no frame──► stalled
//        │                │                          │  ▲                   │  │
//   back-off timer     refused, timeout,          error, EOS └── frame ─────┘  │
//        │              401, no codec                │                      too long
//        └── offline / unauthorized / unsupported ◄──┴─────────────────────────┘
//
// Owner: app. A control thread per source owns the GstPipeline and the state machine; nobody else changes pipeline
// state. Frames arrive in `FrameSink::on_frame` on a decoding thread and must be taken without waiting.
// Retries for ever: 0.5 s doubling to 30 s, ±20 % jitter, the first connect included; a stream that held for 10 s
// resets the back-off. Thread: status(), counters() and stop() any; start() once.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "pipeline/ingest/encoded.h"
#include "pipeline/ingest/source_settings.h"
#include "plugins/sdk/frame.h"

namespace lynceus::ingest {

enum class TransportState { connecting, streaming, stalled, unauthorized, unsupported, offline };
const char* name(TransportState state);

/// Why a connection ended, as in lynceus_camera_reconnects_total{reason}.
enum class Reconnect { eos, timeout, refused, auth, network, format };
inline constexpr int kReconnectReasons = 6;
const char* name(Reconnect reason);

/// Takes frames on a decoding thread. Must return at once.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void on_frame(sdk::FramePtr frame) = 0;
};

/// Hears state changes on the source's control thread. Must return at once.
class StateSink {
 public:
  virtual ~StateSink() = default;
  virtual void on_state(const std::string& camera, TransportState state, const std::string& reason) = 0;
};

struct SourceStatus {
  TransportState state = TransportState::connecting;
  WallTime state_since{};
  std::string reason;  ///< of the last trouble, redacted; empty while all is well
  int width = 0, height = 0;
  std::string codec;      ///< H.264, H.265, JPEG, raw …
  std::string transport;  ///< of RTSP: tcp or udp; else empty
  std::string decoder;    ///< the element that decodes: avdec_h264, nvh264dec …; empty: none
  /// Why it is software although hardware was tried or asked for; empty: it is what was asked for.
  std::string decoder_trouble;
};

struct SourceCounters {
  std::atomic<std::uint64_t> frames_received{0};
  std::atomic<std::uint64_t> bytes{0};          ///< encoded bytes received
  std::atomic<std::uint64_t> decode_errors{0};  ///< frames lost in the decoder
  std::atomic<std::uint64_t> thinned{0};        ///< dropped by `fps` (reason "schedule")
  std::atomic<std::int64_t> last_frame_wall_ms{0};
  std::atomic<std::uint64_t> decode_cpu_us{0};  ///< CPU time of the decoding threads, where it can be told
  std::array<std::atomic<std::uint64_t>, kReconnectReasons> reconnects{};
};

class CameraSource {
 public:
  virtual ~CameraSource() = default;  ///< stops and joins
  virtual void start() = 0;
  /// Returns once the control thread has ended; bounded by about a second.
  virtual void stop() = 0;
  virtual SourceStatus status() const = 0;
  virtual const SourceCounters& counters() const = 0;
  /// An interface came or went: whatever waits to reconnect does so at once. Thread: any.
  virtual void network_changed() {}
};

/// A source for any URL of SourceSettings. Throws Error (Exit::bad_config) for a URL of no known kind.
/// `state` may be null; `encoded` hears of the coded pictures too, unless it is null or the source has none.
std::unique_ptr<CameraSource> make_source(const std::string& camera, const SourceSettings& settings, Clock& clock,
                                          FrameSink& frames, StateSink* state,
                                          std::shared_ptr<EncodedSink> encoded = nullptr);

/// The camera's `evidence` stream, never decoded. Throws Error as above.
std::unique_ptr<CameraSource> make_evidence_source(const std::string& camera, const SourceSettings& settings,
                                                   Clock& clock, std::shared_ptr<EncodedSink> encoded);

}  // namespace lynceus::ingest
