// An Api with fakes behind it, asked without a socket.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/log.h"
#include "daemon/api/api.h"
#include "daemon/api/event_hub.h"
#include "daemon/live/measurement_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/daemon/fake_alarm_book.h"
#include "tests/unit/daemon/fake_cameras.h"

namespace lynceus::test {

struct ApiRoom {
  TempFolder folder;
  FakeClock clock;
  daemon::LiveBoard board{clock};
  FakeCameras cameras;
  FakeAlarmBook book;
  FakeOutbox outbox;
  FakeEvidence evidence;
  FakeControl control;
  daemon::MeasurementLog measurements;
  daemon::http::EventHub events{{}, board, clock};
  std::string unready;
  std::optional<daemon::http::TokenKeeper> tokens;
  std::unique_ptr<daemon::http::Api> api;

  ~ApiRoom() { log::capture({}); }
  explicit ApiRoom(daemon::http::Access::Settings access = {}) {
    log::capture([](std::string_view) {});  // refusals are told in the log
    cameras.list = {camera_status("lobby")};
    board.add("lobby");
    tokens.emplace(folder.path());
    daemon::http::Api::Parts parts{cameras,
                                   board,
                                   [] { return std::string("# metrics\n"); },
                                   [this] { return unready; },
                                   {{{"health", "1"}}, {{"lynceus_odd.so", "it has no note"}}},
                                   {"cams"}};
    parts.alarms = {&book, &evidence, &outbox};
    parts.control = &control;
    parts.events = &events;
    parts.measurements = &measurements;
    parts.tokens = &*tokens;
    parts.access = access;
    parts.clock = &clock;
    api = std::make_unique<daemon::http::Api>(std::move(parts));
  }

  static daemon::http::Request request(const std::string& method, const std::string& target,
                                       daemon::http::Fields headers = {}, std::string body = {}) {
    return {method, target, "localhost:8080", "127.0.0.1", "127.0.0.1", false, std::move(headers), std::move(body)};
  }
  daemon::http::Answer ask(const std::string& target, const std::string& method = "GET") {
    return api->answer(request(method, target));
  }
  /// The response, also of an answer that is given later.
  daemon::http::Response send(const daemon::http::Request& given) {
    daemon::http::Answer answer = api->answer(given);
    if (const auto* deferred = std::get_if<daemon::http::DeferredAnswer>(&answer)) {
      std::optional<daemon::http::Response> got;
      deferred->begin([&got](daemon::http::Response response) { got = std::move(response); });
      if (!got) throw std::runtime_error("no answer yet");
      return *got;
    }
    return std::get<daemon::http::Response>(std::move(answer));
  }
  daemon::http::Response get(const std::string& target) { return send(request("GET", target)); }
  daemon::http::Response post(const std::string& target, const std::string& body = {},
                              const std::string& method = "POST") {
    return send(request(method, target, {{"content-type", "application/json"}}, body));
  }
};

}  // namespace lynceus::test
