// Alarms, deliveries and changes of the daemon by the API.
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "tests/support/catch.h"
#include "tests/unit/daemon/api_room.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace lynceus::daemon::http;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("the list passes its filters on and its cursor back") {
  ApiRoom room;
  room.book.alarms = {alarm_of("b"), alarm_of("a")};
  room.book.next = "c1";
  const json list = json::parse(
      room.get("/api/v1/alarms?state=raised&camera=lobby&severity=critical&since=2026-03-01T12:00:00.5%2B01:00"
               "&until=1900000000&limit=2&cursor=c0")
          .body);
  CHECK(list.at("alarms").size() == 2);
  CHECK(list.at("alarms")[0].at("id") == "b");
  CHECK(list.at("next") == "c1");
  const auto& asked = room.book.asked;
  CHECK(asked.state == daemon::Alarm::State::raised);
  CHECK(asked.camera == "lobby");
  CHECK(asked.severity == sdk::Severity::critical);
  CHECK(rfc3339(*asked.since) == "2026-03-01T11:00:00.500Z");
  CHECK(asked.until == WallTime(1'900'000'000s));
  CHECK(asked.limit == 2);
  CHECK(asked.cursor == "c0");
  // A plus that nobody escaped is a blank behind the decoding.
  REQUIRE(room.get("/api/v1/alarms?since=2026-03-01T12:00:00.5+01:00").status == 200);
  REQUIRE(rfc3339(*room.book.asked.since) == "2026-03-01T11:00:00.500Z");
  room.book.next.clear();
  CHECK(json::parse(room.get("/api/v1/alarms").body).at("next").is_null());
}

TEST_CASE("a filter that is wrong names its key") {
  ApiRoom room;
  for (const char* bad : {"state=open", "severity=high", "since=yesterday", "since=2026-13-01T00:00:00Z", "until=",
                          "limit=0", "limit=1001", "limit=x", "cursor=bad", "staet=raised", "since=2026-03-01"}) {
    INFO(bad);
    const auto answer = room.get(std::string("/api/v1/alarms?") + bad);
    CHECK(answer.status == 400);
    CHECK(answer.type == "application/problem+json");
  }
}

TEST_CASE("alarms are acknowledged, shelved and cleared in a name") {
  ApiRoom room;
  room.book.alarms = {alarm_of("one"), alarm_of("two")};
  room.book.alarms[1].active = false;
  CHECK(json::parse(room.post("/api/v1/alarms/one/ack").body).at("id") == "one");
  CHECK(room.post("/api/v1/alarms/one/shelve", "{\"minutes\":45}").status == 200);
  CHECK(room.post("/api/v1/alarms/one/shelve").status == 200);
  CHECK(room.post("/api/v1/alarms/one/clear").status == 409);
  CHECK(room.post("/api/v1/alarms/two/clear", "{}").status == 200);
  CHECK(room.post("/api/v1/alarms/none/ack").status == 404);
  CHECK(room.book.told == std::vector<std::string>{"ack one anonymous", "shelve45 one anonymous",
                                                   "shelve30 one anonymous", "clear two anonymous"});
  CHECK(room.get("/api/v1/shelve").body == "{\"shelved_until\":null}");
  CHECK(room.post("/api/v1/shelve", "{\"minutes\":10}").body == "{\"shelved_until\":\"1970-01-01T00:10:00.000Z\"}");
}

TEST_CASE("bodies are objects with known keys and values within bounds") {
  ApiRoom room;
  room.book.alarms = {alarm_of("one")};
  const std::string deep = "{\"minutes\":" + std::string(5000, '[') + std::string(5000, ']') + "}";
  for (const std::string& bad :
       {std::string("[]"), std::string("null"), std::string("{"), std::string("{\"minutes\":\"5\"}"),
        std::string("{\"minutes\":-1}"), std::string("{\"minutes\":1e3}"), std::string("{\"minutes\":10081}"),
        std::string("{\"minutes\":18446744073709551615}"), std::string("{\"minuets\":5}"), std::string("\xff\xfe"),
        deep}) {
    INFO(bad.substr(0, 40));
    CHECK(room.post("/api/v1/alarms/one/shelve", bad).status == 400);
  }
  CHECK(room.post("/api/v1/alarms/one/ack", "{\"a\":1}").status == 400);
  CHECK(room.book.told.empty());
}

TEST_CASE("an answer waits for the desk without holding anybody up") {
  ApiRoom room;
  room.book.alarms = {alarm_of("one")};
  room.book.held_back = true;
  const Answer answer =
      room.api->answer(ApiRoom::request("POST", "/api/v1/alarms/one/ack", {{"content-type", "application/json"}}));
  int got = 0;
  std::get<DeferredAnswer>(answer).begin([&](Response response) { got = response.status; });
  CHECK(got == 0);
  room.book.release();
  CHECK(got == 200);
}

TEST_CASE("evidence is a file of a known alarm, never a path of the client") {
  ApiRoom room;
  room.book.alarms = {alarm_of("one")};
  room.evidence.clips["one"] = {"/clips/one.mp4", "video/mp4", 100};
  room.evidence.clips["../../etc/passwd"] = {"/etc/passwd", "text/plain", 1};
  const Answer clip =
      room.api->answer(ApiRoom::request("GET", "/api/v1/alarms/one/clip.mp4", {{"range", "bytes=0-9"}}));
  CHECK(std::get<FileAnswer>(clip).path == "/clips/one.mp4");
  CHECK(std::get<FileAnswer>(clip).range == "bytes=0-9");
  CHECK(room.get("/api/v1/alarms/one/snapshot.jpg").status == 404);
  CHECK(room.get("/api/v1/alarms/..%2f..%2fetc%2fpasswd/clip.mp4").status == 404);
  CHECK(room.get("/api/v1/alarms/%2e%2e/clip.mp4").status == 404);
}

TEST_CASE("deliveries are listed in pages and replayed") {
  ApiRoom room;
  for (int row = 1; row <= 3; ++row) {
    daemon::Owed owed;
    owed.row = row;
    owed.sink = row == 2 ? "mqtt" : "hook";
    owed.change.alarm = alarm_of("one");
    owed.state = row == 3 ? daemon::Owed::State::failed : daemon::Owed::State::pending;
    owed.last_error = "http://user:hunter22@sink/ said 500";
    room.outbox.rows.push_back(owed);
  }
  const json page = json::parse(room.get("/api/v1/deliveries?limit=2").body);
  CHECK(page.at("deliveries").size() == 2);
  CHECK(page.at("next") == "2");
  CHECK(page["deliveries"][0].at("event") == "one.1");
  CHECK(page["deliveries"][0].at("type") == "lynceus.alarm.raised");
  CHECK(page.dump().find("hunter22") == std::string::npos);
  CHECK(json::parse(room.get("/api/v1/deliveries?cursor=2").body).at("deliveries")[0].at("state") == "failed");
  CHECK(json::parse(room.get("/api/v1/deliveries?state=failed").body).at("deliveries").size() == 1);
  CHECK(json::parse(room.get("/api/v1/deliveries?sink=mqtt").body).at("deliveries").size() == 1);
  CHECK(room.get("/api/v1/deliveries?cursor=x").status == 400);
  CHECK(room.post("/api/v1/deliveries/3/replay").status == 200);
  CHECK(room.post("/api/v1/deliveries/9/replay").status == 404);
  CHECK(room.post("/api/v1/deliveries/x/replay").status == 404);
  CHECK(room.outbox.replayed == std::vector<std::int64_t>{3, 9});
}

TEST_CASE("the daemon is changed through its control") {
  ApiRoom room;
  const std::string lobby = "/api/v1/cameras/lobby";
  CHECK(room.get(lobby + "/settings").body == "{\"ok\":true}");
  CHECK(room.post(lobby + "/settings", "{\"zones\":{}}", "PUT").status == 200);
  CHECK(room.post(lobby + "/settings", "", "DELETE").status == 200);
  CHECK(room.post(lobby + "/enabled", "{\"enabled\":false}").status == 200);
  CHECK(room.post(lobby + "/reference", "{\"plugin\":\"health\"}").status == 200);
  CHECK(room.get(lobby + "/proposals").status == 200);
  CHECK(room.post("/api/v1/config/reload").status == 200);
  CHECK(room.post("/api/v1/sinks/hook/test").status == 200);
  CHECK(room.get("/api/v1/config").body == "{\"site\":\"test\"}");
  CHECK(room.control.asked == std::vector<std::string>{"settings lobby", "put lobby {\"zones\":{}}", "delete lobby",
                                                       "enable lobby off", "reference lobby health", "proposals lobby",
                                                       "reload", "test hook"});
  CHECK(room.post("/api/v1/cameras/ghost/enabled", "{\"enabled\":true}").status == 404);
  CHECK(room.post(lobby + "/enabled", "{\"enabled\":1}").status == 400);
  CHECK(room.post(lobby + "/settings", "", "PUT").status == 400);
  CHECK(room.post(lobby + "/settings", "[1]", "PUT").status == 400);
}

TEST_CASE("what the control refuses becomes a problem with every line") {
  ApiRoom room;
  room.control.outcome = {Outcome::Kind::invalid, "", "nothing changed", {"a.yaml:1:2: zones: why"}};
  const auto invalid = room.post("/api/v1/config/reload");
  CHECK(invalid.status == 422);
  CHECK(json::parse(invalid.body).at("errors") == json::parse(R"(["a.yaml:1:2: zones: why"])"));
  room.control.outcome = {Outcome::Kind::unknown, "", "no sink is called x", {}};
  CHECK(room.post("/api/v1/sinks/x/test").status == 404);
  room.control.outcome = {Outcome::Kind::failed, "", "https://u:hunter22@sink said no", {}};
  const auto failed = room.post("/api/v1/sinks/x/test");
  CHECK(failed.status == 502);
  CHECK(failed.body.find("hunter22") == std::string::npos);
  room.control.outcome = {};
  CHECK(room.post("/api/v1/config/reload").status == 204);
}
