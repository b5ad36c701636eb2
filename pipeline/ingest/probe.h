// What an address gives, found out by connecting to it: for `lynceus probe URL`. Thread: any; blocks for its time.
//
//   const auto found = probe("rtsp://10.0.0.7/main", 10s);   // found.state, .codec, .width, .fps, .reason
#pragma once

#include <chrono>
#include <string>

#include "pipeline/ingest/camera_source.h"

namespace lynceus::ingest {

struct ProbeResult {
  TransportState state = TransportState::connecting;
  std::string reason;  ///< redacted; empty when it streams
  std::string codec;
  int width = 0, height = 0;
  double fps = 0;         ///< measured over 2 s
  double kbit_per_s = 0;  ///< encoded, over the same time
  std::string transport;  ///< "tcp", "udp"; empty where there is no choice
  std::chrono::milliseconds to_first_frame{0};
};

/// Gives up `timeout` after the start; a camera that answers takes 2 s longer. Throws Error for an impossible address.
ProbeResult probe(const std::string& address, std::chrono::milliseconds timeout);
ProbeResult probe(const SourceSettings& settings, std::chrono::milliseconds timeout);

}  // namespace lynceus::ingest
