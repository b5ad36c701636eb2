// Bodies and ids in both formats.
#include "daemon/notify/message.h"

#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/unit/notify/fake_outbox.h"

namespace lynceus::test {
namespace {

using daemon::notify::Message;
using daemon::notify::message_of;
using daemon::notify::Sender;
using Json = nlohmann::json;
using Type = daemon::AlarmChange::Type;
using Format = config::SinkSettings::Format;

const Sender kSender{"works", "1.2.3"};

config::SinkSettings sink_of(Format format) {
  config::SinkSettings sink;
  sink.name = "ops";
  sink.format = format;
  return sink;
}

daemon::Owed owed(int alarm, std::int64_t revision, Type type) {
  daemon::Owed out;
  out.change = change_of(alarm, revision, type);
  return out;
}

TEST_CASE("one change is a CloudEvent in structured mode") {
  const std::vector<daemon::Owed> rows{owed(1, 3, Type::cleared)};
  const Message message = message_of(rows, sink_of(Format::cloudevents), false, kSender);
  REQUIRE(message.id == "a1.3");
  REQUIRE(message.type.starts_with("application/cloudevents+json"));
  const Json event = Json::parse(message.body);
  REQUIRE(event["specversion"] == "1.0");
  REQUIRE(event["id"] == "a1.3");
  REQUIRE(event["type"] == "lynceus.alarm.cleared");
  REQUIRE(event["source"] == "lynceus/works/door");
  REQUIRE(event["subject"] == "a1");
  REQUIRE(event["time"] == "2027-01-15T08:00:00.000Z");
  REQUIRE(event["data"]["id"] == "a1");
  REQUIRE(event["data"]["revision"] == 3);
  REQUIRE(event["data"]["state"] == "cleared");
}

TEST_CASE("every type has its name") {
  const std::vector<std::pair<Type, std::string>> types{{Type::raised, "raised"},
                                                        {Type::acknowledged, "acknowledged"},
                                                        {Type::updated, "updated"},
                                                        {Type::cleared, "cleared"}};
  for (const auto& [type, word] : types) {
    const std::vector<daemon::Owed> rows{owed(1, 1, type)};
    const Json event = Json::parse(message_of(rows, sink_of(Format::cloudevents), false, kSender).body);
    REQUIRE(event["type"] == "lynceus.alarm." + word);
  }
}

TEST_CASE("an alarm of the site itself names no camera") {
  std::vector<daemon::Owed> rows{owed(1, 1, Type::raised)};
  rows[0].change.alarm.camera.clear();
  const Json event = Json::parse(message_of(rows, sink_of(Format::cloudevents), false, kSender).body);
  REQUIRE(event["source"] == "lynceus/works");
}

TEST_CASE("a group is a batch; the same rows give the same id, others another") {
  const std::vector<daemon::Owed> rows{owed(1, 1, Type::raised), owed(2, 1, Type::raised)};
  const auto sink = sink_of(Format::cloudevents);
  const Message message = message_of(rows, sink, true, kSender);
  REQUIRE(message.type.starts_with("application/cloudevents-batch+json"));
  const Json events = Json::parse(message.body);
  REQUIRE(events.is_array());
  REQUIRE(events.size() == 2);
  REQUIRE(events[1]["id"] == "a2.1");
  REQUIRE(message_of(rows, sink, true, kSender).id == message.id);
  const std::vector<daemon::Owed> others{rows[0], owed(2, 2, Type::updated)};
  REQUIRE(message_of(others, sink, true, kSender).id != message.id);

  const std::vector<daemon::Owed> alone{rows[0]};
  REQUIRE(message_of(alone, sink, true, kSender).id == "a1.1");
  REQUIRE(Json::parse(message_of(alone, sink, true, kSender).body).is_array());
}

TEST_CASE("Alertmanager's version 4") {
  std::vector<daemon::Owed> rows{owed(1, 1, Type::raised), owed(2, 1, Type::raised), owed(1, 2, Type::cleared)};
  rows[1].change.alarm.value = 31.5;
  rows[1].change.alarm.unit = "s";
  const Message message = message_of(rows, sink_of(Format::alertmanager), true, kSender);
  REQUIRE(message.type == "application/json");
  const Json body = Json::parse(message.body);
  REQUIRE(body["version"] == "4");
  REQUIRE(body["receiver"] == "ops");
  REQUIRE(body["status"] == "firing");
  REQUIRE(body["truncatedAlerts"] == 0);
  REQUIRE(body["groupKey"] == R"({}:{site="works"})");
  REQUIRE(body["commonLabels"]["alertname"] == "dwell");
  REQUIRE_FALSE(body["commonLabels"].contains("alarm"));
  REQUIRE(body["alerts"].size() == 2);  // the last word of each
  const Json &first = body["alerts"][0], &second = body["alerts"][1];
  REQUIRE(first["status"] == "resolved");
  REQUIRE(first["startsAt"] == "2027-01-15T08:00:00.000Z");
  REQUIRE(first["endsAt"] == "2027-01-15T08:00:05.000Z");
  REQUIRE(second["status"] == "firing");
  REQUIRE(second["endsAt"] == "0001-01-01T00:00:00Z");
  REQUIRE(second["labels"]["camera"] == "door");
  REQUIRE(second["labels"]["zone"] == "gate");
  REQUIRE(second["labels"]["severity"] == "warning");
  REQUIRE(second["annotations"]["summary"] == "someone stays");
  REQUIRE(second["annotations"]["value"] == "31.5 s");
  REQUIRE(first["fingerprint"].get<std::string>().size() == 16);
  REQUIRE(first["fingerprint"] != second["fingerprint"]);
  for (const Json& alert : body["alerts"]) {
    for (const Json& value : alert["labels"]) REQUIRE(value.is_string());
  }
}

TEST_CASE("heartbeat and test message") {
  const WallTime now{std::chrono::seconds{1'800'000'000}};
  const auto sink = sink_of(Format::cloudevents);
  const Message beat = heartbeat(sink, kSender, now, 3);
  const Json event = Json::parse(beat.body);
  REQUIRE(event["type"] == "lynceus.heartbeat");
  REQUIRE(event["source"] == "lynceus/works");
  REQUIRE(event["id"] == beat.id);
  REQUIRE(event["data"]["raised"] == 3);
  REQUIRE(heartbeat(sink, kSender, now + std::chrono::seconds(60), 3).id != beat.id);
  REQUIRE(Json::parse(test_message(sink, kSender, now).body)["type"] == "lynceus.test");
  const Json alert = Json::parse(heartbeat(sink_of(Format::alertmanager), kSender, now, 0).body);
  REQUIRE(alert["alerts"][0]["labels"]["alertname"] == "lynceus_heartbeat");
}

}  // namespace
}  // namespace lynceus::test
