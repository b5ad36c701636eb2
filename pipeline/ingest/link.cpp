#include "pipeline/ingest/link.h"

#include <algorithm>
#include <utility>

namespace lynceus::ingest {
namespace {

std::string seconds(std::chrono::milliseconds time) {
  const auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + (tenths % 10 ? "." + std::to_string(tenths % 10) : "") + " s";
}

}  // namespace

Link::Link(const LinkSettings& settings, std::uint64_t seed, MonoTime now)
    : settings_(settings),
      random_(seed),
      transport_(settings.transport == Transport::automatic ? Transport::tcp : settings.transport),
      delay_(settings.first_retry),
      opened_at_(now),
      retry_at_(now),
      live_since_(now),
      last_frame_(now) {}

Link::Step Link::step(MonoTime now) {
  if (std::exchange(close_pending_, false)) return Step::close;
  switch (phase_) {
    case Phase::waiting:
      if (now < retry_at_) return Step::nothing;
      phase_ = Phase::opening;
      opened_at_ = now;
      return Step::open;
    case Phase::opening:
      if (now < opened_at_ + settings_.connect_timeout) return Step::nothing;
      fail({Reconnect::timeout, TransportState::offline, "no picture within " + seconds(settings_.connect_timeout)},
           now);
      return step(now);
    case Phase::live:
      if (now >= last_frame_ + 2 * settings_.stall_after) {
        fail({Reconnect::timeout, TransportState::offline, "no picture for " + seconds(2 * settings_.stall_after)},
             now);
        return step(now);
      }
      if (now >= last_frame_ + settings_.stall_after && state_ != TransportState::stalled) {
        state_ = TransportState::stalled;
        reason_ = "no picture for " + seconds(settings_.stall_after);
      }
      return Step::nothing;
  }
  return Step::nothing;
}

MonoTime Link::deadline() const {
  switch (phase_) {
    case Phase::waiting:
      return retry_at_;
    case Phase::opening:
      return opened_at_ + settings_.connect_timeout;
    case Phase::live:
      break;
  }
  return last_frame_ + (state_ == TransportState::stalled ? 2 : 1) * settings_.stall_after;
}

void Link::frame(MonoTime when) {
  if (phase_ == Phase::waiting) return;
  last_frame_ = std::max(last_frame_, when);
  if (phase_ == Phase::opening) {
    phase_ = Phase::live;
    live_since_ = when;
    transport_worked_ = true;
    fruitless_ = 0;
    switched_ = false;
  }
  state_ = TransportState::streaming;
  reason_.clear();
}

void Link::ended(const Failure& failure, MonoTime now) {
  if (phase_ != Phase::waiting) fail(failure, now);
}

void Link::network_changed(MonoTime now) {
  delay_ = settings_.first_retry;
  if (phase_ == Phase::waiting) retry_at_ = now;
}

void Link::fail(const Failure& failure, MonoTime now) {
  const bool was_live = phase_ == Phase::live;
  phase_ = Phase::waiting;
  close_pending_ = true;
  const bool repeat = settings_.repeats && was_live && failure.reason == Reconnect::eos;
  if (!repeat || settings_.count_repeats) ++ends_[static_cast<std::size_t>(failure.reason)];
  if (repeat) {
    delay_ = settings_.first_retry;
    retry_at_ = std::max(now, opened_at_ + settings_.repeat_after);
    return;
  }
  if (was_live && now - live_since_ >= settings_.held) delay_ = settings_.first_retry;
  state_ = failure.state;
  reason_ = failure.text;
  schedule(failure, now);
  if (!was_live) choose_transport(failure);
}

void Link::schedule(const Failure& failure, MonoTime now) {
  if (failure.transport_refused && settings_.transport == Transport::automatic && !switched_) {
    retry_at_ = now;
    return;
  }
  const auto scaled = [](std::chrono::nanoseconds time, double factor) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * factor));
  };
  const std::chrono::nanoseconds longest = settings_.longest_retry;
  const std::chrono::nanoseconds spacing = std::min(scaled(delay_, jitter()), longest);
  retry_at_ = std::max(opened_at_ + spacing, now + scaled(settings_.first_retry, jitter()));
  delay_ = std::min<std::chrono::nanoseconds>(delay_ * 2, longest);
}

/// A transport that has worked is left only after four fruitless attempts: trying the other one costs a back-off
/// period.
void Link::choose_transport(const Failure& failure) {
  if (settings_.transport != Transport::automatic) return;
  const bool refused = failure.transport_refused;
  const bool fruitless = failure.reason == Reconnect::timeout;
  if (fruitless) ++fruitless_;
  if (!refused && (!fruitless || fruitless_ < (transport_worked_ ? 4 : 1))) return;
  transport_ = transport_ == Transport::tcp ? Transport::udp : Transport::tcp;
  transport_worked_ = false;
  fruitless_ = 0;
  switched_ = refused;
}

double Link::jitter() { return 1 + settings_.jitter * std::uniform_real_distribution<double>(-1, 1)(random_); }

}  // namespace lynceus::ingest
