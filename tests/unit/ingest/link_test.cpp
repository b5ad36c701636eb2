#include "pipeline/ingest/link.h"

#include <chrono>
#include <vector>

#include "tests/support/catch.h"

using namespace std::chrono_literals;
using lynceus::MonoTime;
using lynceus::ingest::Failure;
using lynceus::ingest::Link;
using lynceus::ingest::LinkSettings;
using lynceus::ingest::Reconnect;
using lynceus::ingest::Transport;
using lynceus::ingest::TransportState;
using Step = Link::Step;

namespace {

const MonoTime kStart{1h};
const Failure kRefused{Reconnect::refused, TransportState::offline, "connection refused"};
const Failure kAuth{Reconnect::auth, TransportState::unauthorized, "401"};

std::uint64_t count(const Link& link, Reconnect reason) { return link.ends()[static_cast<std::size_t>(reason)]; }

/// Fails an open attempt at `now` and returns when the next one begins.
MonoTime fail_and_reopen(Link& link, MonoTime now, const Failure& failure) {
  link.ended(failure, now);
  REQUIRE(link.step(now) == Step::close);
  const MonoTime retry = link.deadline();
  if (retry > now) REQUIRE(link.step(retry - 1ms) == Step::nothing);
  REQUIRE(link.step(retry) == Step::open);
  return retry;
}

MonoTime streaming(Link& link, MonoTime now = kStart) {
  REQUIRE(link.step(now) == Step::open);
  link.frame(now);
  REQUIRE(link.state() == TransportState::streaming);
  return now;
}

}  // namespace

TEST_CASE("a link begins at once and shows connecting until the first frame") {
  Link link({}, 1, kStart);
  REQUIRE(link.state() == TransportState::connecting);
  REQUIRE(link.step(kStart) == Step::open);
  REQUIRE(link.step(kStart) == Step::nothing);
  REQUIRE(link.state() == TransportState::connecting);
  link.frame(kStart + 1s);
  REQUIRE(link.state() == TransportState::streaming);
  REQUIRE(link.reason().empty());
}

TEST_CASE("retries double from half a second to thirty, with jitter, for ever, the first connect included") {
  LinkSettings settings;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Link link(settings, seed, kStart);
    MonoTime now = kStart;
    REQUIRE(link.step(now) == Step::open);
    double expected_s = 0.5;
    for (int attempt = 0; attempt < 40; ++attempt) {
      const MonoTime next = fail_and_reopen(link, now, kRefused);
      const double waited_s = std::chrono::duration<double>(next - now).count();
      REQUIRE(waited_s >= expected_s * 0.8 - 0.001);
      REQUIRE(waited_s <= std::min(expected_s * 1.2, 30.0) + 0.001);
      expected_s = std::min(2 * expected_s, 30.0);
      now = next;
      REQUIRE(link.state() == TransportState::offline);  // stays so while it tries
    }
    REQUIRE(count(link, Reconnect::refused) == 40);
  }
}

TEST_CASE("two cameras do not come back at the same moment") {
  Link one({}, 1, kStart), other({}, 2, kStart);
  one.step(kStart);
  other.step(kStart);
  REQUIRE(fail_and_reopen(one, kStart, kRefused) != fail_and_reopen(other, kStart, kRefused));
}

TEST_CASE("whatever the moment a fault ends, the next attempt begins within thirty seconds") {
  // Attempts that hang until their time is up are the worst: the wait counts from their start.
  Link link({}, 3, kStart);
  MonoTime now = kStart;
  REQUIRE(link.step(now) == Step::open);
  for (int attempt = 0; attempt < 20; ++attempt) {
    const MonoTime given_up = link.deadline();
    REQUIRE(given_up == now + 8s);
    REQUIRE(link.step(given_up) == Step::close);
    const MonoTime next = link.deadline();
    REQUIRE(next > given_up);
    REQUIRE(next <= now + 30s);
    REQUIRE(link.step(next) == Step::open);
    now = next;
  }
  REQUIRE(count(link, Reconnect::timeout) == 20);
}

TEST_CASE("a stream that held ten seconds resets the back-off, a shorter one does not") {
  for (const auto held : {5s, 10s}) {
    Link link({}, 4, kStart);
    MonoTime now = kStart;
    link.step(now);
    for (int i = 0; i < 6; ++i) now = fail_and_reopen(link, now, kRefused);
    const MonoTime opened = now;
    link.frame(now);
    now += held;
    link.frame(now);
    link.ended({Reconnect::eos, TransportState::offline, "ended"}, now);
    link.step(now);
    REQUIRE(link.state() == TransportState::offline);
    if (held == 10s) REQUIRE(link.deadline() <= now + 600ms);
    if (held == 5s) REQUIRE(link.deadline() >= opened + 24s);
  }
}

TEST_CASE("silence is a stall, a longer one ends the connection") {
  Link link({}, 5, kStart);
  MonoTime now = streaming(link);
  REQUIRE(link.deadline() == now + 3s);
  REQUIRE(link.step(now + 2999ms) == Step::nothing);
  REQUIRE(link.state() == TransportState::streaming);
  REQUIRE(link.step(now + 3s) == Step::nothing);
  REQUIRE(link.state() == TransportState::stalled);
  REQUIRE(link.reason() == "no picture for 3 s");

  SECTION("a frame ends the stall") {
    link.frame(now + 4s);
    REQUIRE(link.state() == TransportState::streaming);
    REQUIRE(link.reason().empty());
    REQUIRE(link.deadline() == now + 7s);
  }
  SECTION("twice as long reconnects") {
    REQUIRE(link.deadline() == now + 6s);
    REQUIRE(link.step(now + 6s) == Step::close);
    REQUIRE(link.state() == TransportState::offline);
    REQUIRE(count(link, Reconnect::timeout) == 1);
    REQUIRE(link.step(link.deadline()) == Step::open);
  }
}

TEST_CASE("the state tells why, and stays so while it tries again") {
  Link link({}, 6, kStart);
  link.step(kStart);
  const MonoTime retry = fail_and_reopen(link, kStart, kAuth);
  REQUIRE(link.state() == TransportState::unauthorized);
  REQUIRE(link.reason() == "401");
  fail_and_reopen(link, retry, {Reconnect::format, TransportState::unsupported, "AV1"});
  REQUIRE(link.state() == TransportState::unsupported);
}

TEST_CASE("a network change tries at once") {
  Link link({}, 7, kStart);
  MonoTime now = kStart;
  link.step(now);
  for (int i = 0; i < 7; ++i) now = fail_and_reopen(link, now, kRefused);
  link.ended(kRefused, now);
  REQUIRE(link.step(now) == Step::close);
  REQUIRE(link.step(now + 1s) == Step::nothing);
  link.network_changed(now + 1s);
  REQUIRE(link.step(now + 1s) == Step::open);
}

TEST_CASE("a file that ends plays again and streams on") {
  LinkSettings settings;
  settings.repeats = true;
  Link link(settings, 8, kStart);
  streaming(link);
  const Failure end{Reconnect::eos, TransportState::offline, "the stream ended"};
  link.ended(end, kStart + 100ms);
  REQUIRE(link.step(kStart + 100ms) == Step::close);
  REQUIRE(link.state() == TransportState::streaming);
  REQUIRE(link.deadline() == kStart + 500ms);  // a very short one does not spin
  REQUIRE(link.step(kStart + 500ms) == Step::open);
  REQUIRE(count(link, Reconnect::eos) == 1);

  link.ended(end, kStart + 600ms);  // no picture this time
  REQUIRE(link.step(kStart + 600ms) == Step::close);
  REQUIRE(link.state() == TransportState::offline);
}

TEST_CASE("events of no open connection change nothing") {
  Link link({}, 9, kStart);
  link.frame(kStart);
  link.ended(kRefused, kStart);
  REQUIRE(link.state() == TransportState::connecting);
  REQUIRE(count(link, Reconnect::refused) == 0);
}

TEST_CASE("transport auto begins with TCP and changes sides when that is the trouble") {
  Link link({}, 10, kStart);
  link.step(kStart);
  REQUIRE(link.transport() == Transport::tcp);
  Failure refused{Reconnect::format, TransportState::unsupported, "461", true};

  SECTION("refused: the other at once, and back to waiting if that is refused too") {
    link.ended(refused, kStart + 1s);
    link.step(kStart + 1s);
    REQUIRE(link.deadline() == kStart + 1s);
    REQUIRE(link.transport() == Transport::udp);
    link.step(kStart + 1s);
    link.ended(refused, kStart + 2s);
    link.step(kStart + 2s);
    REQUIRE(link.deadline() > kStart + 2s);
  }
  SECTION("no connection says nothing of the transport") {
    fail_and_reopen(link, kStart, kRefused);
    REQUIRE(link.transport() == Transport::tcp);
  }
  SECTION("connected but no picture: the other") {
    REQUIRE(link.step(kStart + 8s) == Step::close);
    REQUIRE(link.transport() == Transport::udp);
  }
  SECTION("one that has worked is kept for a while") {
    link.frame(kStart);
    REQUIRE(link.step(kStart + 6s) == Step::close);
    for (int i = 0; i < 3; ++i) {
      REQUIRE(link.transport() == Transport::tcp);
      REQUIRE(link.step(link.deadline()) == Step::open);
      REQUIRE(link.step(link.deadline()) == Step::close);
    }
    REQUIRE(link.transport() == Transport::tcp);
    REQUIRE(link.step(link.deadline()) == Step::open);
    REQUIRE(link.step(link.deadline()) == Step::close);
    REQUIRE(link.transport() == Transport::udp);
  }
}

TEST_CASE("a transport that was asked for is kept") {
  LinkSettings settings;
  settings.transport = Transport::udp;
  Link link(settings, 11, kStart);
  link.step(kStart);
  fail_and_reopen(link, kStart, {Reconnect::format, TransportState::unsupported, "461", true});
  REQUIRE(link.transport() == Transport::udp);
  REQUIRE(link.state() == TransportState::unsupported);
}
