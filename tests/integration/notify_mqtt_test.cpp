// MQTT to the distribution's mosquitto: both versions, with and without password and TLS, restarts, last will.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/integration/notify_broker.h"
#include "tests/integration/notify_stage.h"
#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using Type = daemon::AlarmChange::Type;

const std::string kState = "lynceus/works/door/dwell", kStatus = "lynceus/works/status";

/// Without mosquitto there is nothing to test against; the case says so.
#define NEED_MOSQUITTO()                         \
  if (mosquitto_program().empty()) {             \
    WARN("skipped: mosquitto is not installed"); \
    return;                                      \
  }

config::SinkSettings sink_at(const MosquittoBroker& broker, int version) {
  config::SinkSettings sink;
  sink.name = "home";
  sink.kind = config::SinkSettings::Kind::mqtt;
  sink.host = "localhost";
  sink.port = broker.port();
  sink.version = version;
  sink.user = broker.settings().user;
  sink.password = broker.settings().password;
  sink.timeout = 2s;
  return sink;
}

struct Certificate {
  Certificate() {
    ChildProcess openssl({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                          "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                          folder / "key.pem", "-out", folder / "cert.pem"});
    REQUIRE(openssl.wait(20s) == 0);
  }
  TempFolder folder;
};

TEST_CASE("MQTT: states, acknowledgement, status, both versions") {
  NEED_MOSQUITTO();
  for (const int version : {3, 5}) {
    INFO("version " << version);
    MosquittoBroker broker({});
    MqttListener listener(broker, "lynceus/#");
    {
      NotifyStage stage({sink_at(broker, version)});
      REQUIRE(listener.wait_for(kStatus, "online"));
      stage.owe("home", change_of(1, 1));
      REQUIRE(stage.all_delivered("home"));
      REQUIRE(listener.wait_for(kState, "ON"));
      REQUIRE(Json::parse(listener.last(kState))["active"] == Json{"dwell:gate"});
      stage.owe("home", change_of(1, 2, Type::cleared));
      REQUIRE(stage.all_delivered("home"));
      REQUIRE(listener.wait_for(kState, "OFF"));
      REQUIRE(stage.test("home") == "known delivered PUBACK");
      REQUIRE(listener.wait_for("lynceus/works/test", "1.2.3"));

      MqttListener late(broker, "lynceus/#");  // retained: who comes late knows
      REQUIRE(late.wait_for(kState, "OFF"));
      REQUIRE(late.wait_for(kStatus, "online"));
    }
    REQUIRE(listener.wait_for(kStatus, "offline"));
  }
}

TEST_CASE("MQTT: a thousand changes arrive, the last state stands") {
  NEED_MOSQUITTO();
  MosquittoBroker broker({});
  MqttListener listener(broker, "lynceus/#");
  NotifyStage stage({sink_at(broker, 5)});
  for (int alarm = 1; alarm <= 500; ++alarm) {
    stage.outbox.owe("home", change_of(alarm, 1));
    stage.outbox.owe("home", change_of(alarm, 2, Type::cleared));
  }
  stage.outbox.ring("home");
  REQUIRE(stage.all_delivered("home"));
  REQUIRE(stage.until([&] { return listener.count(kState) >= 1000; }));
  REQUIRE(listener.wait_for(kState, "OFF"));
}

TEST_CASE("MQTT: commands switch cameras") {
  NEED_MOSQUITTO();
  MosquittoBroker broker({});
  MqttListener listener(broker, "lynceus/#");
  listener.publish("lynceus/works/door/set", R"({"enabled":true})", true);  // retained: not obeyed
  REQUIRE(listener.wait_for("lynceus/works/door/set", "enabled"));
  NotifyStage stage({sink_at(broker, 5)});
  REQUIRE(listener.wait_for(kStatus, "online"));
  REQUIRE(stage.test("home") == "known delivered PUBACK");  // it has subscribed by now
  listener.publish("lynceus/works/door/set", R"({"enabled":false})");
  REQUIRE(stage.until([&] { return !stage.enabled().empty(); }));
  REQUIRE(stage.enabled() == std::vector<std::pair<std::string, bool>>{{"door", false}});
}

TEST_CASE("MQTT: password and TLS, right and wrong") {
  NEED_MOSQUITTO();
  const Certificate certificate;
  MosquittoBroker broker({"lynceus", "correct horse", certificate.folder / "cert.pem", certificate.folder / "key.pem"});
  config::SinkSettings sink = sink_at(broker, 5);
  sink.tls = true;
  sink.ca_file = certificate.folder / "cert.pem";
  const auto refused = [](const config::SinkSettings& wrong, const std::string& why) {
    NotifyStage stage({wrong});
    stage.owe("home", change_of(1, 1));
    REQUIRE(stage.until([&] { return !stage.notifier().sinks()[0].healthy; }));
    INFO(stage.notifier().sinks()[0].last_error);
    REQUIRE(stage.notifier().sinks()[0].last_error.find(why) != std::string::npos);
    REQUIRE(stage.notifier().sinks()[0].last_error.find("horse") == std::string::npos);
    REQUIRE(stage.outbox.backlog("home").pending == 1);
  };
  SECTION("right") {
    for (const int version : {3, 5}) {
      sink.version = version;
      NotifyStage stage({sink});
      stage.owe("home", change_of(1, 1));
      REQUIRE(stage.all_delivered("home"));
      REQUIRE(stage.notifier().sinks()[0].url == "mqtts://localhost:" + std::to_string(broker.port()));
    }
  }
  SECTION("a wrong password") {
    for (const int version : {3, 5}) {
      sink.version = version;
      sink.password = "wrong horse";
      refused(sink, "refused");
    }
  }
  SECTION("a certificate nobody vouches for") {
    sink.ca_file.clear();
    refused(sink, "TLS");
    sink.verify_tls = false;
    NotifyStage stage({sink});
    stage.owe("home", change_of(1, 1));
    REQUIRE(stage.all_delivered("home"));
  }
  SECTION("a certificate of another host") {
    sink.host = "127.0.0.1";
    refused(sink, "TLS");
  }
}

TEST_CASE("MQTT: the broker goes and comes back: states again, nothing owed is lost") {
  NEED_MOSQUITTO();
  MosquittoBroker broker({});
  NotifyStage stage({sink_at(broker, 5)});
  stage.owe("home", change_of(1, 1));
  REQUIRE(stage.all_delivered("home"));
  stage.raised = {change_of(1, 1).alarm};
  broker.stop();
  REQUIRE(stage.until([&] { return !stage.notifier().sinks()[0].healthy; }));
  stage.owe("home", change_of(2, 1));
  REQUIRE(stage.test("home").starts_with("known failed no connection"));
  broker.start();
  MqttListener listener(broker, "lynceus/#");
  REQUIRE(stage.all_delivered("home"));
  REQUIRE(listener.wait_for(kState, "ON"));
  REQUIRE(stage.notifier().sinks()[0].healthy);
}

TEST_CASE("MQTT: a broker that is silent holds up neither other sinks nor the end") {
  NEED_MOSQUITTO();
  MosquittoBroker broker({});
  // Nobody accepts: a listening socket whose backlog takes the connection and says nothing.
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(::listen(fd, 8) == 0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  for (const bool tls : {false, true}) {  // with TLS not even the handshake is answered
    config::SinkSettings silent = sink_at(broker, 5);
    silent.name = "silent";
    silent.host = "127.0.0.1";
    silent.port = ntohs(address.sin_port);
    silent.timeout = 500ms;
    silent.tls = tls;
    NotifyStage stage({silent, sink_at(broker, 5)});
    stage.owe("home", change_of(1, 1));
    REQUIRE(stage.all_delivered("home"));
    REQUIRE(stage.until([&] { return !stage.notifier().sinks()[0].healthy; }));
    REQUIRE(stage.notifier().sinks()[0].last_error == "the broker: nothing within the time");
  }
  ::close(fd);
}

TEST_CASE("MQTT: kill -9, and the broker speaks our last will") {
  NEED_MOSQUITTO();
  for (const int version : {3, 5}) {
    MosquittoBroker broker({});
    MqttListener listener(broker, "lynceus/#");
    ChildProcess child(
        {"/proc/self/exe", "[.][last-will-child]"},
        {{"LYNCEUS_TEST_PORT", std::to_string(broker.port())}, {"LYNCEUS_TEST_VERSION", std::to_string(version)}});
    REQUIRE(listener.wait_for(kStatus, "online"));
    child.signal(SIGKILL);
    REQUIRE(listener.wait_for(kStatus, "offline"));
  }
}

/// Run by the case above, in a process of its own; a filter that only excludes finds it too.
TEST_CASE("a sink until it is killed", "[.][last-will-child]") {
  const char* port = std::getenv("LYNCEUS_TEST_PORT");
  const char* version = std::getenv("LYNCEUS_TEST_VERSION");
  if (port == nullptr || version == nullptr) return;
  config::SinkSettings sink;
  sink.name = "home";
  sink.kind = config::SinkSettings::Kind::mqtt;
  sink.host = "127.0.0.1";
  sink.port = std::stoi(port);
  sink.version = std::stoi(version);
  NotifyStage stage({sink});
  stage.until([] { return false; }, 60s);
}

}  // namespace
}  // namespace lynceus::test
