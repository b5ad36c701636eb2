// Reloads of a real daemon with real RTSP cameras: frames counted across them, secrets that change, alarms of its own.
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"
#include "tests/support/simulator.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;

namespace {

std::string received(const std::string& camera) {
  return "lynceus_camera_frames_received_total{camera=\"" + camera + "\"}";
}

double frames(const DaemonRun& daemon, const std::string& camera) {
  return daemon.metric(received(camera)).value_or(-1);
}

std::string camera_line(const std::string& id, const std::string& url, const std::string& rest = {}) {
  return "  " + id + ": {url: '" + url + "', transport: tcp" + rest + "}\n";
}

void replace(const std::string& file, const std::string& text) {
  std::ofstream(file + ".new") << text;
  std::filesystem::rename(file + ".new", file);
}

/// As the page does: JSON, no token on loopback.
HttpAnswer ask(const DaemonRun& daemon, const std::string& method, const std::string& target,
               const std::string& body = {}) {
  return http_raw(daemon.port(), method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                                     "Content-Type: application/json\r\nContent-Length: " +
                                     std::to_string(body.size()) + "\r\n\r\n" + body);
}

std::string field(const HttpAnswer& answer, const std::string& name) {
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  if (!json.is_object() || !json.contains(name)) return "none";
  return json[name].is_string() ? json[name].get<std::string>() : json[name].dump();
}

/// How many alarms of a kind are raised just now.
std::size_t raised(const DaemonRun& daemon, const std::string& kind) {
  const auto json = nlohmann::json::parse(daemon.get("/api/v1/alarms?state=raised").body, nullptr, false);
  if (!json.is_object() || !json.contains("alarms")) return 999;
  return static_cast<std::size_t>(std::count_if(json["alarms"].begin(), json["alarms"].end(),
                                                [&](const auto& alarm) { return alarm.value("kind", "") == kind; }));
}

/// Connections that ended by themselves, on a machine with too much to do: none of the reload's. A camera that a reload
/// restarts counts from 0.
double lost(const DaemonRun& daemon, const std::string& camera) {
  double all = 0;
  for (const char* reason : {"eos", "timeout", "refused", "auth", "network", "format"}) {
    const std::string labels = "{camera=\"" + camera + "\",reason=\"" + reason + "\"}";
    all += daemon.metric("lynceus_camera_reconnects_total" + labels).value_or(0);
  }
  return all;
}

}  // namespace

TEST_CASE("of ten reloads the untouched camera loses no frame, while others come, change and go") {
  Simulator cameras({"kept=scene:still,fps=25,size=160x120", "other=scene:still,fps=10,size=160x120"});
  const std::string kept = camera_line("kept", cameras.url("kept"));
  DaemonRun daemon;
  daemon.configure(kept);
  daemon.start();
  REQUIRE(daemon.until_metric(received("kept"), [](double v) { return v >= 25; }));
  const auto sent_before = cameras.sent("kept").frames;
  const double got_before = frames(daemon, "kept");

  double others = 0;
  for (int round = 0; round < 10; ++round) {
    const bool there = round % 3 != 2;  // added, changed, removed
    const std::string name = ", name: Round " + std::to_string(round);
    daemon.configure(there ? kept + camera_line("other", cameras.url("other"), name) : kept);
    daemon.signal(SIGHUP);
    REQUIRE(daemon.until([&] { return (frames(daemon, "other") >= 1) == there; }));
    if (there) {
      REQUIRE(daemon.until([&] {
        const auto answer = daemon.get("/api/v1/cameras/other");
        return answer.status == 200 &&
               nlohmann::json::parse(answer.body).at("name") == "Round " + std::to_string(round);
      }));
      ++others;
    }
  }
  REQUIRE(others == 7);
  // As many as were sent, but for those on the way at the first and the last look.
  const double slack = 5 + 50 * lost(daemon, "kept");
  const auto sent = double(cameras.sent("kept").frames - sent_before);
  REQUIRE(daemon.until([&] { return frames(daemon, "kept") - got_before >= sent - slack; }));
  const auto sent_now = double(cameras.sent("kept").frames - sent_before);
  CHECK(frames(daemon, "kept") - got_before <= sent_now + slack);
  CHECK(daemon.metric("lynceus_camera_frames_dropped_total{camera=\"kept\",reason=\"decode_error\"}") == 0.0);
}

TEST_CASE("name, zones and analyzers change behind a stream that goes on") {
  Simulator cameras({"one=scene:still,fps=25,size=160x120"});
  DaemonRun daemon;
  daemon.configure(camera_line("one", cameras.url("one")));
  daemon.start();
  REQUIRE(daemon.until_metric(received("one"), [](double v) { return v >= 25; }));
  const std::string analyzed = "lynceus_camera_frames_analyzed_total{camera=\"one\"}";
  const auto reload = [&](const std::string& rest) {
    daemon.configure(camera_line("one", cameras.url("one"), rest));
    return ask(daemon, "POST", "/api/v1/config/reload", "{}");
  };
  for (const char* rest :
       {", name: Door", ", arm: [{from: '08:00', to: '18:00'}]",
        ", zones: {exit: {polygon: [[0.1, 0.1], [0.5, 0.1], [0.5, 0.9]]}}", ", analyzers: {health: {when: 100ms}}",
        ", masks: {motion: [[[0, 0], [0.1, 0], [0.1, 0.1]]]}"}) {
    CAPTURE(rest);
    const double before = frames(daemon, "one");
    const HttpAnswer answer = reload(rest);
    REQUIRE(field(answer, "changed") == "1");
    REQUIRE(field(answer, "restarted") == "0");
    REQUIRE(frames(daemon, "one") >= before);  // one that is restarted counts from 0
    REQUIRE(daemon.until([&] { return frames(daemon, "one") > before; }));
    REQUIRE(daemon.until_metric(analyzed, [](double v) { return v >= 1; }));
  }
  for (const char* rest : {", fps: 5", ", fps: 5, masks: {privacy: [[[0, 0], [0.1, 0], [0.1, 0.1]]]}"}) {
    CAPTURE(rest);
    REQUIRE(field(reload(rest), "restarted") == "1");
    REQUIRE(daemon.until_metric(analyzed, [](double v) { return v >= 1; }));
  }
}

TEST_CASE("a secret's file that changes is a reload: the camera that uses it connects anew, the other stays") {
  Simulator cameras({"locked=scene:still,fps=10,size=160x120", "open=scene:still,fps=10,size=160x120"});
  DaemonRun daemon;
  replace(daemon.path("path"), "nowhere\n");
  const std::string url = cameras.url("locked");
  const std::size_t slash = url.rfind('/');
  daemon.configure(camera_line("locked", url.substr(0, slash + 1) + "${file:path}") +
                   camera_line("open", cameras.url("open")));
  daemon.start();
  REQUIRE(daemon.until_metric(received("open"), [](double v) { return v >= 5; }));
  CHECK(frames(daemon, "locked") == 0);
  const double before = frames(daemon, "open");

  replace(daemon.path("path"), url.substr(slash + 1) + "\n");
  CHECK(daemon.until_metric(received("locked"), [](double v) { return v >= 5; }));
  CHECK(frames(daemon, "open") > before);  // one that is restarted counts from 0
  CHECK(daemon.output().find("a secret's file has changed") != std::string::npos);
}

TEST_CASE("settings written by the API are checked, in force at once, kept over a restart, and removed again") {
  const std::string settings = "/api/v1/cameras/one/settings";
  const std::string two = "lynceus_camera_frames_received_total{camera=\"two\"}";
  DaemonRun daemon;
  daemon.configure(
      "  one: {url: 'sim://still?fps=10&size=160x120', name: From the file}\n"
      "  two: {url: 'sim://still?fps=10&size=160x120'}\n");
  daemon.start();
  REQUIRE(daemon.until_metric(two, [](double v) { return v >= 5; }));
  CHECK(ask(daemon, "GET", settings).body == "{}");

  const std::string wanted =
      R"({"name":"From the API","zones":{"door":{"polygon":[[0.1,0.1],[0.5,0.1],[0.5,0.9]]}},"fps":5})";
  const double before = daemon.metric(two).value_or(0);
  const HttpAnswer put = ask(daemon, "PUT", settings, wanted);
  INFO(put.body);
  REQUIRE(put.status == 200);
  CHECK(put.body == wanted);
  CHECK(field(daemon.get("/api/v1/cameras/one"), "name") == "From the API");
  std::ifstream file(daemon.path("state/settings.d/one.yaml"));
  const std::string yaml{std::istreambuf_iterator<char>(file), {}};
  CHECK(yaml == "name: \"From the API\"\nzones:\n  door:\n    polygon: [[0.1, 0.1], [0.5, 0.1], [0.5, 0.9]]\nfps: 5\n");

  // What is wrong changes nothing: not the file, not the camera, not what is told of the last reload.
  const HttpAnswer wrong = ask(daemon, "PUT", settings, R"({"zones":{"door":{"polygon":[[0.1,0.1]]}}})");
  CHECK(wrong.status == 422);
  CHECK(wrong.body.find("cameras.one.zones.door.polygon") == std::string::npos);
  CHECK(wrong.body.find("zones.door.polygon") != std::string::npos);
  CHECK(wrong.body.find("settings.d") == std::string::npos);
  CHECK(ask(daemon, "PUT", settings, R"({"url":"rtsp://192.0.2.1/x"})").status == 422);
  CHECK(ask(daemon, "PUT", "/api/v1/cameras/none/settings", "{}").status == 404);
  CHECK(ask(daemon, "GET", settings).body == wanted);
  CHECK(daemon.metric("lynceus_config_last_reload_successful") == 1.0);

  CHECK(ask(daemon, "POST", "/api/v1/cameras/one/enabled", R"({"enabled":false})").status == 200);
  CHECK(field(daemon.get("/api/v1/cameras/one"), "reason") == "disabled");
  daemon.signal(SIGTERM);
  REQUIRE(daemon.wait(5s) == 0);
  daemon.start();
  REQUIRE(daemon.until([&] { return field(daemon.get("/api/v1/cameras/one"), "name") == "From the API"; }));
  CHECK(field(daemon.get("/api/v1/cameras/one"), "reason") == "disabled");
  CHECK(ask(daemon, "POST", "/api/v1/cameras/one/enabled", R"({"enabled":true})").status == 200);
  CHECK(field(ask(daemon, "GET", settings), "enabled") == "true");

  CHECK(ask(daemon, "DELETE", settings).status == 200);
  CHECK_FALSE(std::filesystem::exists(daemon.path("state/settings.d/one.yaml")));
  CHECK(field(daemon.get("/api/v1/cameras/one"), "name") == "From the file");
  CHECK(before > 0);
}

TEST_CASE("the API reloads, shows what is in force without secrets, and takes a reference") {
  DaemonRun daemon;
  replace(daemon.path("password"), "sesame-opens-it\n");
  const std::string locked = "  locked: {url: 'rtsp://user:${file:password}@127.0.0.1:9/x', enabled: false}\n";
  daemon.configure("  one: {url: 'sim://still?fps=10&size=160x120'}\n" + locked);
  daemon.start();
  REQUIRE(daemon.until_metric(received("one"), [](double v) { return v >= 5; }));

  const HttpAnswer config = ask(daemon, "GET", "/api/v1/config");
  CHECK(config.status == 200);
  CHECK(config.body.find("sesame") == std::string::npos);
  CHECK(config.body.find("cameras.one.url") != std::string::npos);

  CHECK(ask(daemon, "POST", "/api/v1/cameras/one/reference", R"({"plugin":"health"})").status == 200);
  CHECK(ask(daemon, "POST", "/api/v1/cameras/one/reference", R"({"plugin":"people"})").status == 422);
  CHECK(ask(daemon, "POST", "/api/v1/cameras/locked/reference", R"({"plugin":"health"})").status == 502);

  daemon.configure("  two: {url: 'sim://still?fps=10&size=160x120'}\n" + locked);
  const HttpAnswer done = ask(daemon, "POST", "/api/v1/config/reload", "{}");
  INFO(done.body);
  REQUIRE(done.status == 200);
  CHECK(field(done, "kept") == "1");
  CHECK(field(done, "added") == "1");
  CHECK(field(done, "removed") == "1");
  CHECK(daemon.get("/api/v1/cameras/two").status == 200);

  daemon.configure("  two: {ulr: 'sim://still'}\n" + locked);
  const HttpAnswer refused = ask(daemon, "POST", "/api/v1/config/reload", "{}");
  CHECK(refused.status == 422);
  CHECK(refused.body.find("did you mean 'url'?") != std::string::npos);
  CHECK(daemon.get("/api/v1/cameras/two").status == 200);
  CHECK(daemon.until([&] { return raised(daemon, "config_reload_failed") == 1; }));

  daemon.configure("  two: {url: 'sim://still?fps=10&size=160x120'}\n" + locked);
  CHECK(ask(daemon, "POST", "/api/v1/config/reload", "{}").status == 200);
  CHECK(daemon.until([&] { return raised(daemon, "config_reload_failed") == 0; }));
}

TEST_CASE("alarms and sinks of a reload are in force at once; one analyzer that hangs is an alarm") {
  DaemonRun daemon({"health", "never_returns"});
  const std::string cameras =
      "  one: {url: 'sim://still?fps=10&size=160x120', analyzers: {health: false, never_returns: {hang_at: 5}}}\n";
  daemon.configure(cameras);
  daemon.start();
  REQUIRE(daemon.until_metric(received("one"), [](double v) { return v >= 5; }));
  daemon.configure(cameras,
                   "notify: {sinks: {ops: {url: 'http://127.0.0.1:9/hook', enabled: true}}}\n"
                   "alarms: {off_delay: 1s, kinds: {analyzer_stuck: {severity: info}}}\n");
  daemon.signal(SIGHUP);
  CHECK(daemon.until_metric("lynceus_deliveries_total{result=\"delivered\",sink=\"ops\"}",
                            [](double v) { return v == 0; }));
  REQUIRE(daemon.until([&] { return raised(daemon, "analyzer_stuck") == 1; }, 30s));
  CHECK(daemon.get("/api/v1/alarms?state=raised").body.find("\"severity\":\"info\"") != std::string::npos);
  daemon.signal(SIGTERM);
  CHECK(daemon.wait(2s) == 0);
}
