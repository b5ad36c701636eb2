// Webhooks to a real receiver over real sockets: signatures, order, failures of every kind, TLS.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/integration/loopback_server.h"
#include "tests/integration/notify_receiver.h"
#include "tests/integration/notify_stage.h"
#include "tests/support/catch.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using Type = daemon::AlarmChange::Type;

const std::string kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

config::SinkSettings sink_at(int port, const std::string& name = "ops") {
  config::SinkSettings sink;
  sink.name = name;
  sink.url = "http://127.0.0.1:" + std::to_string(port) + "/hook?x=1";
  sink.secrets = {"whsec_b25seSBmb3IgdGhlIHJvdGF0aW9uLi4u", kSecret};
  sink.timeout = 10s;
  return sink;
}

WebhookReply always(int status) { return {.status = status}; }

TEST_CASE("deliveries arrive signed, in order, over one connection") {
  WebhookReceiver receiver({.secret = kSecret}, [](const WebhookRequest&) { return always(204); });
  NotifyStage stage({sink_at(receiver.port())});
  for (int alarm = 1; alarm <= 20; ++alarm) {
    stage.owe("ops", change_of(alarm, 1));
    REQUIRE(stage.all_delivered("ops"));
  }
  const auto requests = receiver.requests();
  REQUIRE(requests.size() == 20);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    REQUIRE(requests[i].verified);
    REQUIRE(requests[i].connection == 1);
    REQUIRE(requests[i].target == "/hook?x=1");
    REQUIRE(requests[i].headers.at("content-type") == "application/cloudevents+json; charset=utf-8");
    REQUIRE(requests[i].headers.at("user-agent") == "Lynceus/1.2.3");
    REQUIRE(requests[i].headers.at("webhook-id") == "a" + std::to_string(i + 1) + ".1");
    REQUIRE(Json::parse(requests[i].body)["id"] == requests[i].headers.at("webhook-id"));
  }
}

TEST_CASE("a burst of deliveries arrives once each, over few connections") {
  WebhookReceiver receiver({}, [](const WebhookRequest&) { return always(204); });
  NotifyStage stage({sink_at(receiver.port())});
  for (int alarm = 1; alarm <= 50; ++alarm) stage.owe("ops", change_of(alarm, 1));
  REQUIRE(stage.all_delivered("ops"));
  std::set<std::string> ids;
  for (const WebhookRequest& request : receiver.requests()) {
    REQUIRE(ids.insert(request.headers.at("webhook-id")).second);
    REQUIRE(request.connection <= 8);
  }
  REQUIRE(ids.size() == 50);
}

TEST_CASE("a signature over another body does not hold") {
  WebhookReceiver receiver({.secret = kSecret}, [](const WebhookRequest&) { return always(204); });
  NotifyStage stage({sink_at(receiver.port())});
  stage.owe("ops", change_of(1, 1));
  REQUIRE(stage.all_delivered("ops"));
  WebhookRequest request = receiver.requests()[0];
  REQUIRE(signature_holds(kSecret, request));
  request.body[10] ^= 1;
  REQUIRE_FALSE(signature_holds(kSecret, request));
  REQUIRE_FALSE(signature_holds("whsec_c29tZXRoaW5nIGVsc2UgYWx0b2dldGhlcg==", receiver.requests()[0]));
}

TEST_CASE("half of the requests are refused: everything arrives, each alarm in order, ids as before") {
  std::atomic<int> count = 0;
  WebhookReceiver receiver({.secret = kSecret}, [&](const WebhookRequest&) {
    return ++count % 2 == 0 ? always(200) : WebhookReply{503, {{"Retry-After", "0"}}};
  });
  NotifyStage stage({sink_at(receiver.port())});
  for (int revision = 1; revision <= 20; ++revision) {
    for (int alarm = 1; alarm <= 5; ++alarm) stage.owe("ops", change_of(alarm, revision));
  }
  REQUIRE(stage.all_delivered("ops"));
  std::map<std::string, int> last;
  for (const WebhookRequest& request : receiver.requests()) {
    REQUIRE(request.verified);
    const Json alarm = Json::parse(request.body)["data"];
    const int revision = alarm["revision"];
    int& known = last[alarm["id"]];
    const bool again_or_next = revision == known || revision == known + 1;
    REQUIRE(again_or_next);
    known = revision;
  }
  REQUIRE(last.size() == 5);
  for (const auto& [id, revision] : last) REQUIRE(revision == 20);
}

TEST_CASE("a receiver that hangs holds up nobody else") {
  WebhookReceiver hanging({}, [](const WebhookRequest&) { return WebhookReply{.hang = true}; });
  WebhookReceiver silent({}, [](const WebhookRequest&) { return always(200); });
  config::SinkSettings stuck = sink_at(hanging.port(), "stuck");
  stuck.timeout = 3s;
  NotifyStage stage({stuck, sink_at(silent.port(), "ops")});
  stage.owe("stuck", change_of(1, 1));
  REQUIRE(hanging.wait_for(1));
  for (int alarm = 1; alarm <= 20; ++alarm) stage.owe("ops", change_of(alarm, 1));
  REQUIRE(stage.all_delivered("ops"));
  REQUIRE(stage.outbox.row(1)->attempts == 0);  // the first one hangs still
  REQUIRE(stage.until([&] { return !stage.notifier().sinks()[0].healthy; }));
  REQUIRE(stage.notifier().sinks()[0].last_error == "the answer: nothing within the time");
  REQUIRE(stage.notifier().sinks()[1].healthy);
  REQUIRE(stage.outbox.backlog("stuck").pending == 1);
}

TEST_CASE("what is done about each way to fail") {
  SECTION("nobody listens") {
    int port = 0;
    {
      const LoopbackServer gone([](Peer&) {});
      port = gone.port();
    }
    NotifyStage stage({sink_at(port)});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.until([&] { return stage.outbox.row(1)->attempts > 0; }));
    REQUIRE(stage.outbox.row(1)->last_error == "connecting: Connection refused");
    WebhookReceiver receiver({.port = port}, [](const WebhookRequest&) { return always(200); });
    REQUIRE(stage.all_delivered("ops"));
  }
  SECTION("the connection is closed without a word") {
    std::atomic<int> count = 0;
    WebhookReceiver receiver(
        {}, [&](const WebhookRequest&) { return ++count == 1 ? WebhookReply{.close = true} : always(200); });
    NotifyStage stage({sink_at(receiver.port())});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.all_delivered("ops"));
    REQUIRE(receiver.requests().size() == 2);
  }
  SECTION("a kept connection that was closed meanwhile is replaced at once") {
    std::atomic<int> count = 0;
    WebhookReceiver receiver({}, [&](const WebhookRequest& request) {
      return request.connection == 1 && ++count == 2 ? WebhookReply{.close = true} : always(200);
    });
    NotifyStage stage({sink_at(receiver.port())});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.all_delivered("ops"));
    stage.owe("ops", change_of(2, 1));
    REQUIRE(stage.all_delivered("ops"));
    REQUIRE(stage.outbox.refusals() == 0);
    REQUIRE(receiver.requests().size() == 3);
  }
  SECTION("a redirect is not followed") {
    std::atomic<int> count = 0;
    WebhookReceiver receiver({}, [&](const WebhookRequest&) {
      return ++count == 1 ? WebhookReply{302, {{"Location", "/elsewhere"}}} : always(200);
    });
    NotifyStage stage({sink_at(receiver.port())});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.all_delivered("ops"));
    for (const WebhookRequest& request : receiver.requests()) REQUIRE(request.target == "/hook?x=1");
  }
  SECTION("Retry-After is kept to") {
    std::atomic<int> count = 0;
    WebhookReceiver receiver({}, [&](const WebhookRequest&) {
      return ++count == 1 ? WebhookReply{503, {{"Retry-After", "1"}}} : always(200);
    });
    NotifyStage stage({sink_at(receiver.port())});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.all_delivered("ops"));
    const auto requests = receiver.requests();
    REQUIRE(requests[1].at - requests[0].at >= 990ms);
    REQUIRE(requests[1].headers.at("webhook-id") == requests[0].headers.at("webhook-id"));
  }
  SECTION("410 ends it, a test that passes begins it again") {
    std::atomic<bool> gone = true;
    WebhookReceiver receiver({}, [&](const WebhookRequest&) { return always(gone ? 410 : 200); });
    NotifyStage stage({sink_at(receiver.port())});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.until([&] { return !stage.notifier().sinks()[0].enabled; }));
    REQUIRE(stage.conditions().back().key() == "sink_disabled:ops");
    REQUIRE(stage.test("ops") == "known failed HTTP 410");
    gone = false;
    REQUIRE(stage.test("ops") == "known delivered HTTP 200");
    REQUIRE(stage.all_delivered("ops"));
  }
}

/// Answers that a receiver should never give: the daemon keeps to its bounds and tries again.
TEST_CASE("hostile answers") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::vector<std::pair<std::string, std::string>> answers{
      {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
      {"a header without end", head + "X: " + std::string(64 << 10, 'x')},
      {"many headers", head +
                           [] {
                             std::string all;
                             for (int i = 0; i < 2000; ++i) all += "X-" + std::to_string(i) + ": y\r\n";
                             return all;
                           }() +
                           "\r\n"},
      {"nothing but interim ones",
       [] {
         std::string all;
         for (int i = 0; i < 100; ++i) all += "HTTP/1.1 103 Early Hints\r\n\r\n";
         return all;
       }()},
      {"two lengths", head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
      {"a status of five digits", "HTTP/1.1 20000 OK\r\n\r\n"},
      {"zeros", std::string(1000, '\0')}};
  for (const auto& [name, answer] : answers) {
    INFO(name);
    const LoopbackServer server([&, text = answer](Peer& peer) {
      peer.receive_until("\r\n\r\n");
      peer.send(text);
    });
    NotifyStage stage({sink_at(server.port())});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.until([&] { return stage.outbox.row(1)->attempts > 0; }));
  }
}

TEST_CASE("an endless body of a 200 is delivered and its connection left") {
  const LoopbackServer server([](Peer& peer) {
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.send("400\r\n" + std::string(1024, 'x') + "\r\n")) continue;
  });
  NotifyStage stage({sink_at(server.port())});
  stage.owe("ops", change_of(1, 1));
  REQUIRE(stage.all_delivered("ops"));
}

TEST_CASE("groups, heartbeats, Alertmanager's format") {
  WebhookReceiver receiver({.secret = kSecret}, [](const WebhookRequest&) { return always(200); });
  config::SinkSettings grouped = sink_at(receiver.port());
  grouped.group = 200ms;
  SECTION("a group is one request") {
    NotifyStage stage({grouped});
    for (int alarm = 1; alarm <= 10; ++alarm) stage.outbox.owe("ops", change_of(alarm, 1));
    stage.outbox.ring("ops");
    REQUIRE(stage.all_delivered("ops"));
    REQUIRE(receiver.requests().size() == 1);
    REQUIRE(receiver.requests()[0].verified);
    REQUIRE(Json::parse(receiver.requests()[0].body).size() == 10);
  }
  SECTION("Alertmanager") {
    grouped.format = config::SinkSettings::Format::alertmanager;
    NotifyStage stage({grouped});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.all_delivered("ops"));
    REQUIRE(Json::parse(receiver.requests()[0].body)["version"] == "4");
  }
  SECTION("heartbeat") {
    config::SinkSettings beating = sink_at(receiver.port());
    beating.heartbeat = 50ms;
    NotifyStage stage({beating});
    REQUIRE(receiver.wait_for(3));
    REQUIRE(Json::parse(receiver.requests()[2].body)["type"] == "lynceus.heartbeat");
    REQUIRE(receiver.requests()[2].verified);
  }
}

TEST_CASE("a reload: sinks that stay go on, others begin and end") {
  WebhookReceiver first({}, [](const WebhookRequest&) { return always(200); });
  WebhookReceiver second({}, [](const WebhookRequest&) { return always(200); });
  NotifyStage stage({sink_at(first.port(), "one")});
  stage.configure({sink_at(first.port(), "one"), sink_at(second.port(), "two")});
  stage.owe("one", change_of(1, 1));
  stage.owe("two", change_of(1, 1));
  REQUIRE(stage.all_delivered("one"));
  REQUIRE(stage.all_delivered("two"));
  config::SinkSettings off = sink_at(first.port(), "one");
  off.enabled = false;
  stage.configure({off, sink_at(second.port(), "two")});
  REQUIRE_FALSE(stage.notifier().sinks()[0].enabled);
  stage.owe("one", change_of(2, 1));
  stage.owe("two", change_of(2, 1));
  REQUIRE(stage.all_delivered("two"));
  REQUIRE(stage.outbox.backlog("one").pending == 1);
  REQUIRE(stage.test("one").starts_with("unknown failed"));
  REQUIRE(stage.test("nobody").starts_with("unknown failed"));
}

TEST_CASE("the receiver of the guide takes what is signed, once, and nothing else") {
  const char* root = std::getenv("LYNCEUS_SOURCE_DIR");
  const std::string script = (root != nullptr ? std::string(root) : ".") + "/docs/examples/webhook/receiver.py";
  ChildProcess receiver({"python3", script, "0"}, {{"WEBHOOK_SECRET", kSecret}});
  NotifyStage stage({});
  const std::string said = "listening on ";
  REQUIRE(stage.until([&] { return receiver.output().find('\n') != std::string::npos; }));
  const int port = std::stoi(receiver.output().substr(said.size()));
  config::SinkSettings stranger = sink_at(port, "stranger");
  stranger.secrets = {"whsec_c29tZXRoaW5nIGVsc2UgYWx0b2dldGhlcg=="};
  config::SinkSettings grouped = sink_at(port, "grouped");
  grouped.group = 10ms;
  stage.configure({sink_at(port), stranger, grouped});
  stage.owe("stranger", change_of(3, 1));
  stage.owe("ops", change_of(1, 1));
  stage.owe("ops", change_of(1, 2, Type::cleared));
  stage.owe("grouped", change_of(2, 1));
  REQUIRE(stage.all_delivered("ops"));
  REQUIRE(stage.all_delivered("grouped"));
  REQUIRE(stage.until([&] { return stage.outbox.row(1)->attempts > 0; }));
  REQUIRE(stage.outbox.row(1)->last_error == "HTTP 401");
  std::istringstream lines(receiver.output());
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) events.push_back(line);
  std::sort(events.begin(), events.end());
  REQUIRE(events == std::vector<std::string>{said + std::to_string(port),
                                             "lynceus.alarm.cleared lynceus/works/door someone stays",
                                             "lynceus.alarm.raised lynceus/works/door someone stays",
                                             "lynceus.alarm.raised lynceus/works/door someone stays"});
}

struct Certificate {
  explicit Certificate(const std::string& names) {
    ChildProcess openssl({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                          "-days", "1", "-subj", "/CN=test", "-addext", "subjectAltName=" + names, "-keyout",
                          folder / "key.pem", "-out", folder / "cert.pem"});
    REQUIRE(openssl.wait(20s) == 0);
  }
  WebhookReceiver::Settings settings() const { return {kSecret, folder / "cert.pem", folder / "key.pem", 0}; }
  TempFolder folder;
};

TEST_CASE("HTTPS: the certificate must be vouched for and name the host") {
  const Certificate good("DNS:localhost"), other("DNS:elsewhere.example");
  const auto reply = [](const WebhookRequest&) { return always(200); };
  const auto secure = [](const WebhookReceiver& receiver, const std::string& ca) {
    config::SinkSettings sink = sink_at(receiver.port());
    sink.url = "https://localhost:" + std::to_string(receiver.port()) + "/hook";
    sink.ca_file = ca;
    return sink;
  };
  SECTION("vouched for") {
    WebhookReceiver receiver(good.settings(), reply);
    NotifyStage stage({secure(receiver, good.folder / "cert.pem")});
    for (int alarm = 1; alarm <= 5; ++alarm) {
      stage.owe("ops", change_of(alarm, 1));
      REQUIRE(stage.all_delivered("ops"));
    }
    REQUIRE(receiver.requests().size() == 5);
    REQUIRE(receiver.requests()[4].verified);
    REQUIRE(receiver.requests()[4].connection == 1);
  }
  SECTION("vouched for by nobody") {
    WebhookReceiver receiver(good.settings(), reply);
    NotifyStage stage({secure(receiver, "")});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.until([&] { return stage.outbox.row(1)->attempts > 0; }));
    REQUIRE(stage.outbox.row(1)->last_error.starts_with("TLS: "));
    REQUIRE(receiver.requests().empty());
  }
  SECTION("of another host") {
    WebhookReceiver receiver(other.settings(), reply);
    NotifyStage stage({secure(receiver, other.folder / "cert.pem")});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.until([&] { return stage.outbox.row(1)->attempts > 0; }));
    REQUIRE(stage.outbox.row(1)->last_error.starts_with("TLS: "));
    REQUIRE(receiver.requests().empty());
  }
  SECTION("any will do, if the settings say so") {
    WebhookReceiver receiver(other.settings(), reply);
    config::SinkSettings sink = secure(receiver, "");
    sink.verify_tls = false;
    NotifyStage stage({sink});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.all_delivered("ops"));
  }
  SECTION("plain HTTP to a TLS port, TLS to a plain one") {
    WebhookReceiver receiver({}, reply);
    NotifyStage stage({secure(receiver, good.folder / "cert.pem")});
    stage.owe("ops", change_of(1, 1));
    REQUIRE(stage.until([&] { return stage.outbox.row(1)->attempts > 0; }));
    REQUIRE(receiver.requests().empty());
  }
}

TEST_CASE("a name nobody knows is told, and holds up no other sink") {
  WebhookReceiver receiver({}, [](const WebhookRequest&) { return always(200); });
  config::SinkSettings lost = sink_at(receiver.port(), "lost");
  lost.url = "http://no-such-host.invalid/hook";
  NotifyStage stage({lost, sink_at(receiver.port())});
  stage.owe("lost", change_of(1, 1));
  stage.owe("ops", change_of(1, 1));
  REQUIRE(stage.all_delivered("ops"));
  REQUIRE(stage.until([&] { return stage.outbox.row(1)->attempts > 0; }));
  REQUIRE(stage.outbox.row(1)->last_error.starts_with("the host's name: "));
}

}  // namespace
}  // namespace lynceus::test
