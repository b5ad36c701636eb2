// What is said to a broker of the test's own, in virtual time.
#include <deque>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "daemon/notify/mqtt_talk.h"
#include "tests/support/catch.h"
#include "tests/unit/notify/fake_outbox.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using daemon::notify::Broker;
using daemon::notify::MqttTalk;
using daemon::notify::Now;
using daemon::notify::parse_command;
using Json = nlohmann::json;
using Type = daemon::AlarmChange::Type;

struct FakeBroker final : Broker {
  struct Publish {
    int number;
    std::string topic, payload;
    bool retain;
  };
  int publish(const std::string& topic, const std::string& payload, bool retain) override {
    published.push_back({++last, topic, payload, retain});
    return last;
  }
  void subscribe(const std::string& topic) override { topics.push_back(topic); }
  void unsubscribe(const std::string& topic) override { std::erase(topics, topic); }

  /// The last word on a topic; empty: none.
  std::string said(const std::string& topic) const {
    for (auto at = published.rbegin(); at != published.rend(); ++at) {
      if (at->topic == topic) return at->payload;
    }
    return "(nothing)";
  }
  int last = 0;
  std::vector<Publish> published;
  std::vector<std::string> topics;
};

struct Stage {
  explicit Stage(bool home_assistant = false) {
    log::capture([](std::string_view) {});
    config::SinkSettings sink;
    sink.name = "ops";
    sink.kind = config::SinkSettings::Kind::mqtt;
    sink.home_assistant = home_assistant;
    talk.emplace(
        MqttTalk::Parts{.sink = sink,
                        .site = "works",
                        .version = "1.2.3",
                        .outbox = outbox,
                        .random = [] { return 0.5; },
                        .now = [this] { return now; },
                        .counted = [this](const std::string& result) { ++counts[result]; },
                        .condition = [this](const sdk::Condition& c) { conditions.push_back(c); },
                        .enable = [this](const std::string& camera, bool on) { enabled.emplace_back(camera, on); },
                        .raised = [this] { return raised; },
                        .cameras = [this] { return cameras; },
                        .kinds =
                            [](const std::string&) {
                              return std::vector<std::string>{"dwell", "camera_dark"};
                            }});
  }
  ~Stage() { log::capture({}); }
  void connect() {
    talk->use(&broker);
    talk->connected();
    talk->pump();
  }
  std::int64_t owe(int alarm, std::int64_t revision, Type type = Type::raised) {
    const auto row = outbox.owe("ops", change_of(alarm, revision, type));
    talk->owed();
    talk->pump();
    return row;
  }
  void acknowledge_all() {
    for (const auto& one : std::vector(broker.published)) talk->acknowledged(one.number, 0);
    talk->pump();
  }
  Json state() const { return Json::parse(broker.said("lynceus/works/door/dwell")); }

  FakeOutbox outbox;
  FakeBroker broker;
  Now now{MonoTime{100s}, WallTime{std::chrono::seconds{1'800'000'000}}};
  std::map<std::string, int> counts;
  std::vector<sdk::Condition> conditions;
  std::vector<std::pair<std::string, bool>> enabled;
  std::vector<daemon::Alarm> raised;
  std::vector<MqttTalk::Camera> cameras{{"door", "Front door"}};
  std::optional<MqttTalk> talk;
};

TEST_CASE("states are retained and say which keys are active") {
  Stage stage;
  REQUIRE(stage.talk->will().topic == "lynceus/works/status");
  REQUIRE(stage.talk->will().payload == "offline");
  stage.connect();
  REQUIRE(stage.broker.said("lynceus/works/status") == "online");
  stage.owe(1, 1);
  REQUIRE(stage.state() ==
          Json{{"state", "ON"}, {"active", {"dwell:gate"}}, {"severity", "warning"}, {"summary", "someone stays"}});
  REQUIRE(stage.broker.published.back().retain);
  stage.owe(2, 1);
  stage.acknowledge_all();
  stage.owe(1, 2, Type::cleared);
  REQUIRE(stage.state()["state"] == "ON");  // the other one still is
  stage.acknowledge_all();
  stage.owe(2, 2, Type::cleared);
  REQUIRE(stage.state()["state"] == "OFF");
  REQUIRE(stage.state()["active"].empty());
}

TEST_CASE("a delivery is done when the broker has acknowledged it") {
  Stage stage;
  stage.connect();
  stage.owe(1, 1);
  REQUIRE(stage.outbox.deliveries().empty());
  stage.acknowledge_all();
  REQUIRE(stage.outbox.deliveries() == std::vector<std::int64_t>{1});
  REQUIRE(stage.counts["delivered"] == 1);
  REQUIRE_FALSE(stage.talk->silent_since().has_value());
}

TEST_CASE("what was under way when the connection ended goes again, in order") {
  Stage stage;
  stage.connect();
  for (int alarm = 1; alarm <= 3; ++alarm) stage.owe(alarm, 1);
  REQUIRE(stage.talk->silent_since() == stage.now.mono);
  const MonoTime again = stage.talk->lost("the connection was lost");
  REQUIRE(again == stage.now.mono + 1s);
  REQUIRE(stage.talk->lost("connecting: refused") == stage.now.mono + 2s);
  stage.owe(4, 1);
  stage.now.mono += 4s;
  stage.broker.published.clear();
  stage.connect();
  while (stage.outbox.backlog("ops").pending > 0) stage.acknowledge_all();
  REQUIRE(stage.outbox.deliveries() == std::vector<std::int64_t>{1, 2, 3, 4});
}

TEST_CASE("a broker that refuses a message is asked again") {
  Stage stage;
  stage.connect();
  stage.owe(1, 1);
  stage.talk->acknowledged(stage.broker.last, 0x87);
  REQUIRE(stage.counts["retry"] == 1);
  REQUIRE(stage.outbox.row(1)->last_error == "the broker refused: reason 135");
  stage.now.mono += 2s;
  stage.now.wall += 2s;
  stage.talk->pump();
  stage.acknowledge_all();
  REQUIRE(stage.outbox.deliveries().size() == 1);
}

TEST_CASE("a connection begins with what is raised; old news do not undo it") {
  Stage stage;
  auto change = change_of(1, 7);
  stage.raised = {change.alarm};
  stage.outbox.owe("ops", change_of(1, 5));
  stage.connect();
  REQUIRE(stage.state()["state"] == "ON");
  stage.acknowledge_all();
  REQUIRE(stage.state()["state"] == "ON");
  stage.owe(1, 8, Type::cleared);
  REQUIRE(stage.state()["state"] == "OFF");
}

TEST_CASE("what an earlier run left retained is put right") {
  Stage stage;
  stage.connect();
  stage.talk->message("lynceus/works/door/dwell", R"({"state":"ON"})", true);
  REQUIRE(stage.state()["state"] == "OFF");
  stage.talk->message("lynceus/works/gone/dwell", R"({"state":"ON"})", true);
  REQUIRE(stage.broker.said("lynceus/works/gone/dwell").empty());  // deletes it
  const auto count = stage.broker.published.size();
  stage.talk->message("lynceus/works/door/dwell", stage.state().dump(), false);
  stage.talk->message("lynceus/works/door/dwell/more", "x", true);
  stage.talk->message("elsewhere", "x", true);
  REQUIRE(stage.broker.published.size() == count);
  stage.now.mono += 11s;
  stage.talk->pump();
  REQUIRE(stage.broker.topics == std::vector<std::string>{"lynceus/works/+/set"});
}

TEST_CASE("commands: obeyed when they are well formed, fresh, and for a camera that is there") {
  Stage stage;
  stage.connect();
  stage.talk->message("lynceus/works/door/set", R"({"enabled": false})", false);
  REQUIRE(stage.enabled == std::vector<std::pair<std::string, bool>>{{"door", false}});
  stage.talk->message("lynceus/works/door/set", R"({"enabled": true})", true);
  stage.talk->message("lynceus/works/nowhere/set", R"({"enabled": true})", false);
  for (const char* payload :
       {"", "true", "{}", R"({"enabled": 1})", R"({"enabled": true, "x": 1})", "{\"enabled\":", "\xff"})
    stage.talk->message("lynceus/works/door/set", payload, false);
  REQUIRE(stage.enabled.size() == 1);
  REQUIRE_FALSE(parse_command(std::string(5000, ' ') + R"({"enabled": true})").has_value());
}

TEST_CASE("Home Assistant finds a sensor for each kind, a switch for each camera, and nothing of cameras that went") {
  Stage stage(true);
  stage.connect();
  const std::string topic = "homeassistant/binary_sensor/lynceus_works_door/dwell/config";
  const Json sensor = Json::parse(stage.broker.said(topic));
  REQUIRE(sensor["state_topic"] == "lynceus/works/door/dwell");
  REQUIRE(sensor["availability_topic"] == "lynceus/works/status");
  REQUIRE(sensor["unique_id"] == "lynceus_works_door_dwell");
  REQUIRE(sensor["device"]["name"] == "Front door");
  REQUIRE(stage.state()["state"] == "OFF");
  const std::string switch_topic = "homeassistant/switch/lynceus_works_door/enabled/config";
  REQUIRE(Json::parse(stage.broker.said(switch_topic))["command_topic"] == "lynceus/works/door/set");
  stage.cameras = {{"yard", "Yard"}};
  stage.talk->refresh();
  REQUIRE(stage.broker.said(topic).empty());
  REQUIRE(stage.broker.said(switch_topic).empty());
  REQUIRE(stage.broker.said("lynceus/works/door/dwell").empty());
  REQUIRE(Json::parse(stage.broker.said("homeassistant/binary_sensor/lynceus_works_yard/dwell/config")).is_object());
}

TEST_CASE("a test message is told when it was acknowledged") {
  Stage stage;
  std::string line;
  const auto told = [&](bool delivered, const std::string& text) { line = (delivered ? "yes: " : "no: ") + text; };
  stage.talk->test(told);
  REQUIRE(line == "no: no connection");
  stage.connect();
  stage.talk->test(told);
  REQUIRE(stage.broker.published.back().topic == "lynceus/works/test");
  stage.acknowledge_all();
  REQUIRE(line == "yes: PUBACK");
}

TEST_CASE("an alarm of the site itself has a topic of its own, and no kind leaves its part") {
  Stage stage;
  stage.connect();
  auto change = change_of(1, 1);
  change.alarm.camera.clear();
  change.alarm.kind = "a/b+#";
  stage.outbox.owe("ops", change);
  stage.talk->owed();
  stage.talk->pump();
  REQUIRE(Json::parse(stage.broker.said("lynceus/works/_site/a_b__"))["state"] == "ON");
}

}  // namespace
}  // namespace lynceus::test
