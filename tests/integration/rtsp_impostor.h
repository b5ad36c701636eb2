// An RTSP camera that says what a fuzzer found: proper up to the point where the input has its place.
//
// The address chooses: rtsp://127.0.0.1:PORT/INPUT/MODE, so that one server is as many cameras as there are inputs and
// places. Thread: bound to its owner.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/go_corpus.h"
#include "tests/integration/loopback_server.h"

namespace lynceus::test {

/// Where an input is put.
enum class Place {
  options,   ///< the bytes instead of the answer to OPTIONS
  describe,  ///< … to DESCRIBE
  setup,     ///< … to SETUP
  play,      ///< … to PLAY
  header,    ///< a header of every answer (its name is in the input's), of a 401 for Authenticate
  sdp,       ///< the description
  media,     ///< lines of an otherwise proper description
  key,       ///< the description's key-mgmt, in base64
  rtp,       ///< payloads of interleaved RTP packets, in the codec the input's name tells
  rtcp,      ///< interleaved RTCP
  raw,       ///< bytes after PLAY
};

/// The place an input was made for.
Place place_of(const CorpusInput& input);

class RtspImpostor {
 public:
  explicit RtspImpostor(std::vector<CorpusInput> inputs);

  std::string url(std::size_t input, Place place) const;
  /// On how many connections this input was sent in this place.
  int played(std::size_t input, Place place) const { return played_[slot(input, place)]; }

 private:
  static constexpr std::size_t kPlaces = 11;
  static std::size_t slot(std::size_t input, Place place) { return input * kPlaces + static_cast<std::size_t>(place); }
  void serve(Peer& peer);

  const std::vector<CorpusInput> inputs_;
  std::vector<std::atomic<int>> played_;
  LoopbackServer server_;  // last: its threads use the others
};

}  // namespace lynceus::test
