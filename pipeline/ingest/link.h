// When to connect, when to give up, what to show: the state machine of one camera's transport, without thread and
// clock.
//
// The control thread tells it what happened and asks step() what to do; deadline() says when to ask again. Attempts are
// spaced from start to start: 0.5 s doubling to 30 s, ±20 % jitter but never more than 30 s, and at least 0.4 s after a
// failure; so a camera that is back is tried within 30 s however long a hanging attempt took. A stream that held 10 s
// resets the spacing. Transport `automatic` begins with TCP; it changes sides when a side is refused (461), or when
// a connection was made and no picture came. Owner: source. Thread: bound to its owner.
//
//   switch (link.step(now)) { case Link::Step::open: … link.transport() …; case Link::Step::close: …; }
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "base/clock.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::ingest {

/// Why a connection ended and what to show until the next one stands.
struct Failure {
  Reconnect reason = Reconnect::network;
  TransportState state = TransportState::offline;
  std::string text;                ///< for people; redacted
  bool transport_refused = false;  ///< the camera wants the other transport
};

struct LinkSettings {
  Transport transport = Transport::automatic;
  std::chrono::milliseconds connect_timeout{8000}, stall_after{3000};
  /// The end is no trouble (a file plays again, a still picture is fetched again), at most once per `repeat_after`.
  bool repeats = false;
  bool count_repeats = true;
  std::chrono::milliseconds repeat_after{500};
  std::chrono::milliseconds first_retry{500}, longest_retry{30000}, held{10000};
  double jitter = 0.2;
};

class Link {
 public:
  enum class Step { nothing, open, close };

  Link(const LinkSettings& settings, std::uint64_t seed, MonoTime now);

  /// Something to do now; call again until `nothing`.
  Step step(MonoTime now);
  MonoTime deadline() const;

  /// A frame came at `when`.
  void frame(MonoTime when);
  /// The open connection ended.
  void ended(const Failure& failure, MonoTime now);
  /// An interface came or went: whatever waits is tried at once.
  void network_changed(MonoTime now);

  TransportState state() const { return state_; }
  const std::string& reason() const { return reason_; }
  Transport transport() const { return transport_; }
  const std::array<std::uint64_t, kReconnectReasons>& ends() const { return ends_; }

 private:
  enum class Phase { waiting, opening, live };

  void fail(const Failure& failure, MonoTime now);
  void choose_transport(const Failure& failure);
  void schedule(const Failure& failure, MonoTime now);
  double jitter();

  const LinkSettings settings_;
  std::mt19937_64 random_;
  Phase phase_ = Phase::waiting;
  bool close_pending_ = false;
  TransportState state_ = TransportState::connecting;
  std::string reason_;
  Transport transport_;
  bool transport_worked_ = false;
  int fruitless_ = 0;      ///< attempts in a row on this transport that connected and brought no picture
  bool switched_ = false;  ///< the last attempt was already made because the other transport was refused
  std::chrono::nanoseconds delay_;
  MonoTime opened_at_, retry_at_, live_since_, last_frame_;
  std::array<std::uint64_t, kReconnectReasons> ends_{};
};

}  // namespace lynceus::ingest
