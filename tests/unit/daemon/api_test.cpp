#include "daemon/api/api.h"

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "daemon/api/page.h"
#include "tests/support/catch.h"
#include "tests/unit/daemon/api_room.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace lynceus::daemon::http;
using nlohmann::json;

namespace {

struct Room : ApiRoom {
  json problem(const Answer& answer) {
    const auto& response = std::get<Response>(answer);
    CHECK(response.type == "application/problem+json");
    const json body = json::parse(response.body);
    CHECK(body.at("status") == response.status);
    CHECK(body.at("type") == "about:blank");
    return body;
  }
  Answer named(const std::string& host) {
    Request given = request("GET", "/healthz");
    given.host = host;
    return api->answer(given);
  }
};

}  // namespace

TEST_CASE("health, readiness and metrics") {
  Room room;
  CHECK(room.get("/healthz").status == 200);
  CHECK(room.get("/readyz").status == 200);
  room.unready = "the database does not answer";
  CHECK(room.problem(room.ask("/readyz")).at("status") == 503);
  CHECK(room.get("/healthz").status == 200);
  CHECK(room.get("/metrics").body == "# metrics\n");
  CHECK(room.get("/metrics").type == "text/plain; version=0.0.4; charset=utf-8");
}

TEST_CASE("the list and one camera have the documented members") {
  Room room;
  sdk::Observations said;
  said.details.set("state", "ok");
  room.board.on_report(report_of("lobby", 5, "health", said));
  const json list = json::parse(room.get("/api/v1/cameras").body);
  REQUIRE(list.at("cameras").size() == 1);
  const json camera = json::parse(room.get("/api/v1/cameras/lobby").body);
  CHECK(camera == list["cameras"][0]);
  for (const char* member :
       {"id", "name", "kind", "state", "state_since", "reason", "health", "light", "width", "height", "codec",
        "decoder", "decoder_trouble", "fps_received", "fps_analyzed", "last_frame_at", "url", "analyzers", "views"}) {
    INFO(member);
    CHECK(camera.contains(member));
  }
  CHECK(camera["state"] == "streaming");
  CHECK(camera["health"] == "ok");
  CHECK(camera["light"] == "day");
  CHECK(camera["reason"].is_null());
  CHECK(camera["last_frame_at"].is_null());
  CHECK(camera["analyzers"] == json::parse(R"([{"plugin":"health","state":"running","reason":null}])"));
}

TEST_CASE("an analyzer that is stuck or disabled says so") {
  Room room;
  auto& worker = room.cameras.list[0].worker;
  worker.stuck = true;
  worker.in_plugin = "health";
  CHECK(json::parse(room.get("/api/v1/cameras/lobby").body)["analyzers"][0]["state"] == "stuck");
  worker = {};
  worker.analyzers = {{"health", host::SlotState::disabled, 5, "no light"}};
  CHECK(json::parse(room.get("/api/v1/cameras/lobby").body)["analyzers"] ==
        json::parse(R"([{"plugin":"health","state":"disabled","reason":"no light"}])"));
}

TEST_CASE("the version names plugins and refused files") {
  Room room;
  const json version = json::parse(room.get("/api/v1/version").body);
  CHECK(version["plugins"] == json::parse(R"([{"name":"health","version":"1"}])"));
  CHECK(version["refused"] == json::parse(R"([{"file":"lynceus_odd.so","why":"it has no note"}])"));
}

TEST_CASE("observations hold what the plugins said, whatever bytes and numbers they used") {
  Room room;
  CHECK(json::parse(room.get("/api/v1/cameras/lobby/observations").body).at("frame").is_null());
  sdk::Observations said;
  said.measurements.push_back({"sharpness", std::nan(""), "", {{"zone", "a\xff"}}});
  said.conditions.push_back({"camera_dark", "door", true, sdk::Severity::critical, "dark \xc3\x28", 3.5, {}, "lx", {}});
  said.details.set("list", sdk::Value::Array{1, "two", 3.5});
  room.board.on_report(report_of("lobby", 7, "health", said));
  const json body = json::parse(room.get("/api/v1/cameras/lobby/observations").body);
  CHECK(body["frame"]["sequence"] == 7);
  const json& word = body["plugins"][0];
  CHECK(word["measurements"][0]["value"].is_null());
  CHECK(word["conditions"][0]["key"] == "camera_dark:door");
  CHECK(word["conditions"][0]["severity"] == "critical");
  CHECK(word["details"]["list"] == json::parse(R"([1,"two",3.5])"));
}

TEST_CASE("pictures are asked for by camera, view and rate") {
  Room room;
  const auto still = std::get<PictureAnswer>(room.ask("/api/v1/cameras/lobby/snapshot.jpg"));
  CHECK(still.view == "raw");
  CHECK_FALSE(still.stream);
  const auto moving = std::get<PictureAnswer>(room.ask("/api/v1/cameras/lobby/stream.mjpg?view=enhanced&fps=12.5"));
  CHECK(moving.view == "enhanced");
  CHECK(moving.stream);
  CHECK(moving.fps == 12.5);
  CHECK(room.problem(room.ask("/api/v1/cameras/lobby/snapshot.jpg?view=secret")).at("detail") ==
        "this camera has no view secret; it has: raw, overlay, enhanced");
  for (const char* bad : {"0", "-1", "31", "nan", "5x", ""}) {
    CHECK(room.problem(room.ask(std::string("/api/v1/cameras/lobby/stream.mjpg?fps=") + bad)).at("status") == 400);
  }
}

TEST_CASE("errors are problems with the right status") {
  Room room;
  CHECK(room.problem(room.ask("/nothing")).at("status") == 404);
  CHECK(room.problem(room.ask("/api/v1/cameras/ghost")).at("status") == 404);
  CHECK(room.problem(room.ask("/../../etc/passwd")).at("status") == 404);
  CHECK(room.problem(room.ask("/%2e%2e/%2e%2e/etc/passwd")).at("status") == 404);
  CHECK(room.problem(room.ask("/%zz")).at("status") == 400);
  CHECK(room.problem(room.ask("/healthz?x=1")).at("status") == 400);
  CHECK(room.problem(room.named("")).at("status") == 400);
  CHECK(room.problem(room.named("evil.example")).at("status") == 421);
  CHECK(std::get<Response>(room.named("cams")).status == 200);
  const Answer refused = room.ask("/healthz", "POST");
  CHECK(room.problem(refused).at("status") == 405);
  CHECK(std::get<Response>(refused).headers.back() == std::pair<std::string, std::string>("Allow", "GET"));
  CHECK(std::get<Response>(room.ask("/api/v1/shelve", "PUT")).headers.back().second == "GET, POST");
  CHECK(std::get<Response>(room.ask("/healthz", "HEAD")).status == 200);
}

TEST_CASE("the page is embedded whole") {
  Room room;
  CHECK(room.get("/").type == "text/html; charset=utf-8");
  CHECK(room.get("/").body.find("<title>Lynceus</title>") != std::string::npos);
  CHECK(room.get("/js/main.js").type == "text/javascript; charset=utf-8");
  CHECK(room.get("/page.css").type == "text/css; charset=utf-8");
  for (const PageFile& file : page_files()) CHECK(room.get(std::string(file.path)).body == file.content);
}

TEST_CASE("a file of the page that the browser has already is not sent again") {
  Room room;
  const auto tag = [](const Response& response) {
    for (const auto& [name, value] : response.headers) {
      if (name == "ETag") return value;
    }
    return std::string();
  };
  const Response first = room.get("/js/main.js");
  REQUIRE(tag(first).size() > 2);
  const Response again = room.send(ApiRoom::request("GET", "/js/main.js", {{"if-none-match", tag(first)}}));
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(tag(again) == tag(first));
  CHECK(room.send(ApiRoom::request("GET", "/page.css", {{"if-none-match", tag(first)}})).status == 200);
}
