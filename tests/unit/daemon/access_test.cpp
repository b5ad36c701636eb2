// Who may do what: tokens, roles, cookies, foreign pages, rates.
#include "daemon/api/access.h"

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "base/error.h"
#include "config/tokens.h"
#include "tests/support/catch.h"
#include "tests/unit/daemon/api_room.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace lynceus::daemon::http;
using namespace std::chrono_literals;
using config::Role;

namespace {

constexpr const char* kCameras = "/api/v1/cameras";

Fields bearer(const std::string& secret) { return {{"authorization", "Bearer " + secret}}; }

/// A room where tokens of each role were made.
struct Guarded : ApiRoom {
  std::string view, operate, admin;

  explicit Guarded(Access::Settings access = {}) : ApiRoom(access) {
    view = config::add_token(folder.path(), "looker", Role::view, clock.wall());
    operate = config::add_token(folder.path(), "ops", Role::operate, clock.wall());
    admin = config::add_token(folder.path(), "root", Role::admin, clock.wall());
    book.alarms = {alarm_of("one")};
  }
  int status(const std::string& method, const std::string& target, Fields headers, const std::string& body = {}) {
    return send(request(method, target, std::move(headers), body)).status;
  }
  std::string cookie_of(const std::string& secret) {
    const auto answer = post("/api/v1/login", "{\"token\":\"" + secret + "\"}");
    REQUIRE(answer.status == 200);
    return answer.headers.at(0).second;
  }
};

}  // namespace

TEST_CASE("while no token was made, loopback may do everything") {
  ApiRoom room;
  room.book.alarms = {alarm_of("one")};
  CHECK(room.get(kCameras).status == 200);
  CHECK(room.post("/api/v1/alarms/one/ack").status == 200);
  CHECK(room.book.told.back() == "ack one anonymous");
  CHECK(room.post("/api/v1/config/reload").status == 200);
  CHECK(room.get("/api/v1/session").body == "{\"name\":\"anonymous\",\"role\":\"admin\"}");
}

TEST_CASE("an address others reach is never open without a token, unless auth is none") {
  ApiRoom closed({.loopback = false});
  CHECK(closed.get(kCameras).status == 401);
  CHECK(closed.get("/healthz").status == 200);
  ApiRoom open({.none = true, .loopback = false});
  CHECK(open.get(kCameras).status == 200);
}

TEST_CASE("tokens open what their role may") {
  Guarded room;
  CHECK(room.get(kCameras).status == 401);
  CHECK(room.get("/metrics").status == 401);
  CHECK(room.status("GET", kCameras, bearer("lyn_wrong")) == 401);
  CHECK(room.status("GET", kCameras, {{"authorization", "Basic " + room.view}}) == 401);
  CHECK(room.status("GET", kCameras, {{"authorization", "bearer   " + room.view}}) == 200);
  const std::string ack = "/api/v1/alarms/one/ack", reload = "/api/v1/config/reload";
  CHECK(room.status("GET", "/metrics", bearer(room.view)) == 200);
  CHECK(room.status("POST", ack, bearer(room.view)) == 403);
  CHECK(room.status("POST", ack, bearer(room.operate)) == 200);
  CHECK(room.book.told.back() == "ack one ops");
  CHECK(room.status("POST", reload, bearer(room.operate)) == 403);
  CHECK(room.status("POST", reload, bearer(room.admin)) == 200);
  for (const char* open : {"/healthz", "/readyz", "/", "/js/main.js", "/api/v1/openapi.json"})
    CHECK(room.get(open).status == 200);
}

TEST_CASE("every route that is not meant to be open asks for a token, and every change for more than view") {
  Guarded room;
  const std::set<std::string> open{"/healthz", "/readyz", "/api/v1/openapi.json", "/api/v1/login", "/api/v1/logout"};
  for (const Route& route : room.api->routes()) {
    INFO(route.method << " " << route.pattern);
    if (!route.pattern.starts_with("/api/") && !open.contains(route.pattern) && route.pattern != "/metrics") continue;
    CHECK(route.role.has_value() != open.contains(route.pattern));
    if (route.role && route.changes()) CHECK(*route.role > Role::view);
  }
}

TEST_CASE("metrics may be opened alone") {
  Guarded room({.metrics_open = true});
  CHECK(room.get("/metrics").status == 200);
  CHECK(room.get(kCameras).status == 401);
}

TEST_CASE("a login gives a cookie that scripts and other sites never see") {
  Guarded room;
  const std::string set = room.cookie_of(room.operate);
  for (const char* word : {"lynceus=lyn_", "; HttpOnly", "; SameSite=Strict", "; Path=/"}) {
    INFO(word);
    CHECK(set.find(word) != std::string::npos);
  }
  CHECK(set.find("Secure") == std::string::npos);
  Request over_tls = ApiRoom::request("POST", "/api/v1/login", {{"content-type", "application/json"}},
                                      "{\"token\":\"" + room.view + "\"}");
  over_tls.tls = true;
  CHECK(room.send(over_tls).headers.at(0).second.find("; Secure") != std::string::npos);
  const std::string pair = set.substr(0, set.find(';'));
  CHECK(room.status("GET", kCameras, {{"cookie", pair}}) == 200);
  CHECK(room.status("GET", kCameras, {{"cookie", "a=b;  " + pair + " ;c=d"}}) == 200);
  CHECK(room.status("GET", kCameras, {{"cookie", "xlynceus=" + pair.substr(8)}}) == 401);
  CHECK(room.post("/api/v1/logout").headers.at(0).second.find("Max-Age=0") != std::string::npos);
}

TEST_CASE("what a foreign page makes a browser send changes nothing") {
  Guarded room;
  const std::string set = room.cookie_of(room.admin);
  const std::string cookie = set.substr(0, set.find(';'));
  const std::string ack = "/api/v1/alarms/one/ack";
  const std::string type = "application/json; charset=utf-8";
  const auto with = [&](Fields more) {
    more["cookie"] = cookie;
    return room.status("POST", ack, more);
  };
  CHECK(with({{"content-type", type}}) == 200);
  CHECK(with({{"content-type", type}, {"origin", "http://localhost:8080"}}) == 200);
  CHECK(with({{"content-type", type}, {"origin", "http://localhost:8080"}, {"sec-fetch-site", "same-origin"}}) == 200);
  CHECK(with({}) == 415);
  for (const char* form :
       {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "application/jsonx"}) {
    INFO(form);
    CHECK(with({{"content-type", form}}) == 415);
  }
  for (const char* origin :
       {"null", "http://evil.example", "https://localhost:8080", "http://localhost", "http://localhost:80801"}) {
    INFO(origin);
    CHECK(with({{"content-type", type}, {"origin", origin}}) == 403);
  }
  CHECK(with({{"content-type", type}, {"sec-fetch-site", "cross-site"}}) == 403);
  CHECK(with({{"content-type", type}, {"sec-fetch-site", "same-site"}}) == 403);
  CHECK(room.status("POST", ack, bearer(room.admin)) == 200);
  ApiRoom open;
  open.book.alarms = {alarm_of("one")};
  CHECK(open.send(ApiRoom::request("POST", ack)).status == 415);
  CHECK(open.send(ApiRoom::request("POST", ack, {{"content-type", type}, {"origin", "http://evil.example"}})).status ==
        403);
}

TEST_CASE("guesses are slowed down, tokens that are right are not") {
  Guarded room;
  int refused = 0, slowed = 0;
  for (int i = 0; i < 30; ++i) {
    const int status = room.status("GET", kCameras, bearer("lyn_guess" + std::to_string(i)));
    (status == 429 ? slowed : refused) += 1;
  }
  CHECK(refused == 10);
  CHECK(slowed == 20);
  CHECK(room.status("GET", kCameras, bearer(room.view)) == 200);
  CHECK(room.post("/api/v1/login", "{\"token\":\"" + room.view + "\"}").status == 429);
  room.clock.advance(1min);
  CHECK(room.post("/api/v1/login", "{\"token\":\"" + room.view + "\"}").status == 200);
  CHECK(room.post("/api/v1/login", "{\"token\":\"lyn_x\"}").status == 401);
  CHECK(room.post("/api/v1/login", "{}").status == 400);
}

TEST_CASE("a peer that floods is told to slow down") {
  ApiRoom room({.none = true, .writes_per_second = 5, .reads_per_second = 10});
  Request far = ApiRoom::request("GET", kCameras);
  far.peer_address = "192.0.2.7";
  int answered = 0;
  for (int i = 0; i < 100; ++i) answered += room.send(far).status == 200;
  CHECK(answered == 20);
  for (int i = 0; i < 100; ++i) CHECK(room.get(kCameras).status == 200);
  int changed = 0;
  for (int i = 0; i < 100; ++i) changed += room.post("/api/v1/config/reload").status == 200;
  CHECK(changed == 10);
}

TEST_CASE("peers are counted by address, IPv6 by its first half, and the table is bounded") {
  CHECK(peer_key("192.0.2.7") != peer_key("192.0.2.8"));
  CHECK(peer_key("2001:db8::1") == peer_key("2001:db8::ffff"));
  CHECK(peer_key("2001:db8::1") != peer_key("2001:db8:1::1"));
  FakeClock clock;
  RateLimit limit({1, 2, 3}, clock);
  for (int i = 0; i < 100; ++i) CHECK(limit.take(std::to_string(i)));
  CHECK(limit.take("x"));
  CHECK(limit.take("x"));
  CHECK_FALSE(limit.take("x"));
  CHECK_FALSE(limit.has("x"));
  clock.advance(1s);
  CHECK(limit.take("x"));
}

TEST_CASE("tokens made, removed or spoilt while the daemon runs count at once") {
  ApiRoom room;
  CHECK(room.get(kCameras).status == 200);
  const std::string secret = config::add_token(room.folder.path(), "ops", Role::view, {});
  CHECK(room.get(kCameras).status == 401);
  CHECK(room.send(ApiRoom::request("GET", kCameras, bearer(secret))).status == 200);
  std::ofstream(config::tokens_file(room.folder.path())) << "nonsense\n";
  CHECK(room.send(ApiRoom::request("GET", kCameras, bearer(secret))).status == 200);
  std::filesystem::remove(config::tokens_file(room.folder.path()));
  CHECK(room.send(ApiRoom::request("GET", kCameras, bearer(secret))).status == 401);
  CHECK(room.get(kCameras).status == 401);  // once there were tokens, none is not "open"
}

TEST_CASE("the tokens file holds no secret and is nobody else's") {
  TempFolder folder;
  CHECK(config::read_tokens(folder.path()).empty());
  const std::string secret = config::add_token(folder.path(), "ops", Role::operate, {});
  CHECK(secret.size() == 47);
  CHECK(secret != config::add_token(folder.path(), "more", Role::view, {}));
  const std::string file = config::tokens_file(folder.path());
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  CHECK(text.find(secret) == std::string::npos);
  CHECK(text.find(secret.substr(4, 12)) == std::string::npos);
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms(0777)) == std::filesystem::perms(0600));
  const auto tokens = config::read_tokens(folder.path());
  REQUIRE(tokens.size() == 2);
  CHECK(config::match(tokens, secret)->name == "ops");
  CHECK(config::match(tokens, secret + "x") == nullptr);
  CHECK(config::match(tokens, "") == nullptr);
  CHECK(config::remove_token(folder.path(), "ops"));
  CHECK_FALSE(config::remove_token(folder.path(), "ops"));
  CHECK(config::match(config::read_tokens(folder.path()), secret) == nullptr);
}

TEST_CASE("a token's name is checked, a file others may write is refused") {
  TempFolder folder;
  for (const char* bad : {"", "a b", "a\nb", "ümlaut", "a/b"}) {
    INFO(bad);
    CHECK_THROWS_AS(config::add_token(folder.path(), bad, Role::view, {}), Error);
  }
  config::add_token(folder.path(), "ops", Role::view, {});
  CHECK_THROWS_AS(config::add_token(folder.path(), "ops", Role::view, {}), Error);
  ::chmod(config::tokens_file(folder.path()).c_str(), 0622);
  CHECK_THROWS_AS(config::read_tokens(folder.path()), Error);
}
