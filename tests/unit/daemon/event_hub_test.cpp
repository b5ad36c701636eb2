// Server-Sent Events: in order, resumed, filtered, bounded.
#include "daemon/api/event_hub.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "daemon/api/alarm_events.h"
#include "tests/support/catch.h"
#include "tests/unit/daemon/api_room.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace lynceus::daemon::http;
using namespace std::chrono_literals;

namespace {

struct Hub {
  FakeClock clock;
  daemon::LiveBoard board{clock};
  EventHub hub;

  explicit Hub(EventHub::Settings settings = {}) : hub(settings, board, clock) { board.add("lobby"); }
  void tell(int from, int to) {
    for (int i = from; i <= to; ++i) hub.publish("alarm", "lobby", std::to_string(i));
  }
};

EventHub::Filter only(std::string_view types) {
  EventHub::Filter filter;
  CHECK(filter.choose(types));
  return filter;
}

/// The last `id:` of what was read.
std::string last_id(const std::string& text) {
  const auto at = text.rfind("id: ");
  REQUIRE(at != std::string::npos);
  return text.substr(at + 4, text.find('\n', at) - at - 4);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a listener hears what comes after it, in order, and is woken") {
  Hub room;
  room.tell(1, 2);
  const auto feed = room.hub.listen({}, "");
  int woken = 0;
  feed->on_more([&] { ++woken; });
  const std::string greeting = feed->next().value();
  CHECK(has(greeting, "retry: "));
  CHECK_FALSE(has(greeting, "data: 1"));
  CHECK(feed->next().value().empty());
  room.tell(3, 4);
  CHECK(woken == 2);
  const std::string text = feed->next().value();
  CHECK(text.find("event: alarm\ndata: 3\n\n") < text.find("event: alarm\ndata: 4\n\n"));
  CHECK(room.hub.listeners() == 1);
}

TEST_CASE("who comes back goes on where it was, or is told that it missed something") {
  Hub room({.events = 10});
  std::string id;
  {
    const auto feed = room.hub.listen({}, "");
    room.tell(1, 1);
    id = last_id(feed->next().value());
  }
  room.tell(2, 3);
  const std::string resumed = room.hub.listen({}, id)->next().value();
  CHECK(has(resumed, "data: 2\n"));
  CHECK(has(resumed, "data: 3\n"));
  CHECK_FALSE(has(resumed, "resync"));
  CHECK_FALSE(has(resumed, "data: 1\n"));
  room.tell(4, 20);
  const std::string late = room.hub.listen({}, id)->next().value();
  CHECK(has(late, "event: resync"));
  CHECK_FALSE(has(late, "data: 20"));
  for (const char* strange : {"1-1", "x", "-", "99999999999999999999999-1", "0-"}) {
    INFO(strange);
    CHECK(has(room.hub.listen({}, strange)->next().value(), "event: resync"));
  }
}

TEST_CASE("one who falls behind is let go and may resume") {
  Hub room({.events = 100, .lag = 10});
  const auto slow = room.hub.listen({}, "");
  const std::string id = last_id(slow->next().value());
  room.tell(1, 10);
  const auto never_reads = room.hub.listen({}, "");
  room.tell(11, 11);
  CHECK_FALSE(slow->next());
  CHECK(never_reads->next());
  const std::string all = room.hub.listen({}, id)->next().value();
  CHECK(has(all, "data: 1\n"));
  CHECK(has(all, "data: 11\n"));
}

TEST_CASE("the ring is bounded by bytes, too") {
  Hub room({.bytes = 1000});
  const auto feed = room.hub.listen({}, "");
  const std::string id = last_id(feed->next().value());
  for (int i = 0; i < 10; ++i) room.hub.publish("alarm", "lobby", std::string(400, 'x'));
  CHECK(has(room.hub.listen({}, id)->next().value(), "resync"));
}

TEST_CASE("of old camera states only the newest is kept, alarms and what is new are kept whole") {
  Hub room({.bytes = 40'000});
  const auto feed = room.hub.listen({}, "");
  const std::string id = last_id(feed->next().value());
  room.hub.publish("alarm", "lobby", "\"first\"");
  room.hub.publish("camera_state", "east", "\"east for good\"");
  for (int i = 1; i <= 1000; ++i) {
    room.hub.publish("camera_state", "lobby", std::to_string(i) + ',' + std::string(400, 'x'));
  }
  const std::string all = room.hub.listen({}, id)->next().value();
  CHECK_FALSE(has(all, "resync"));
  CHECK(has(all, "data: \"first\""));
  CHECK(has(all, "data: \"east for good\""));
  CHECK_FALSE(has(all, "data: 936,"));
  CHECK(has(all, "data: 937,"));
  CHECK(has(all, "data: 1000,"));
  room.tell(1, 100);
  const std::string later = room.hub.listen({}, id)->next().value();
  CHECK_FALSE(has(later, "data: 999,"));
  CHECK(has(later, "data: 1000,"));
  room.hub.publish("camera_state", "lobby", "1001");
  const std::string last = room.hub.listen({}, id)->next().value();
  CHECK_FALSE(has(last, "data: 1000,"));
  CHECK(has(last, "data: 1001"));
}

TEST_CASE("filters choose types and a camera") {
  Hub room;
  EventHub::Filter east = only("camera_state");
  east.camera = "east";
  const auto alarms = room.hub.listen(only("alarm"), "");
  const auto states = room.hub.listen(east, "");
  room.tell(1, 1);
  room.hub.publish("camera_state", "lobby", "2");
  room.hub.publish("camera_state", "east", "3");
  const std::string heard = alarms->next().value(), seen = states->next().value();
  CHECK(has(heard, "data: 1"));
  CHECK_FALSE(has(heard, "data: 2"));
  CHECK(has(seen, "data: 3"));
  CHECK_FALSE(has(seen, "data: 2"));
  EventHub::Filter filter;
  for (const char* bad : {"alarms", "alarm,,observation", "alarm,x"}) CHECK_FALSE(filter.choose(bad));
}

TEST_CASE("observations are the newest of each camera, at most so often, and have no id") {
  Hub room({.observe = 500ms});
  const auto feed = room.hub.listen(only("observation"), "");
  feed->next();
  room.clock.advance(1s);
  room.board.on_report(report_of("lobby", 1, "health", {}));
  room.board.on_report(report_of("lobby", 2, "health", {}));
  const std::string text = feed->next().value();
  CHECK(has(text, "event: observation\ndata: {\"camera\":\"lobby\""));
  CHECK(has(text, "\"sequence\":2"));
  CHECK_FALSE(has(text, "\"sequence\":1,"));
  CHECK_FALSE(has(text, "id: "));
  room.board.on_report(report_of("lobby", 3, "health", {}));
  CHECK(feed->next().value().empty());
  room.clock.advance(500ms);
  CHECK(has(feed->next().value(), "\"sequence\":3"));
  room.clock.advance(500ms);
  CHECK(feed->next().value().empty());
}

TEST_CASE("a camera's change of state is told once, its end too") {
  Hub room;
  auto lobby = camera_status("lobby");
  room.hub.look({lobby});
  const auto feed = room.hub.listen(only("camera_state"), "");
  feed->next();
  room.hub.look({lobby});
  lobby.counts.frames_received += 100;
  room.hub.look({lobby});
  CHECK(feed->next().value().empty());
  lobby.source.state = ingest::TransportState::offline;
  room.hub.look({lobby});
  CHECK(has(feed->next().value(), "\"state\":\"offline\""));
  room.hub.look({});
  CHECK(has(feed->next().value(), "{\"id\":\"lobby\",\"state\":\"removed\"}"));
}

TEST_CASE("changes of alarms are events, and the API hands out the feed") {
  ApiRoom room;
  const Answer answer = room.ask("/api/v1/events?types=alarm&camera=lobby");
  const auto feed = std::get<EventsAnswer>(answer).feed;
  AlarmEvents events(room.events);
  daemon::AlarmChange change;
  change.alarm = alarm_of("one");
  events.on_changes({&change, 1});
  CHECK(has(feed->next().value(), "event: alarm\ndata: {\"id\":\"one\""));
  CHECK(room.get("/api/v1/events?types=alarms").status == 400);
  CHECK(room.get("/api/v1/events?camera=ghost").status == 404);
}

TEST_CASE("what a camera's plugins say is put into words once, however many listen") {
  Hub room;
  std::vector<std::shared_ptr<EventFeed>> feeds;
  for (int i = 0; i < 50; ++i) feeds.push_back(room.hub.listen(only("observation"), ""));
  room.board.on_report(report_of("lobby", 1, "health", {}));
  const std::string first = feeds[0]->next().value();
  CHECK(has(first, "event: observation\ndata: {\"camera\":\"lobby\""));
  for (std::size_t i = 1; i < feeds.size(); ++i) CHECK(feeds[i]->next().value() == first);
  CHECK(room.hub.observations_made() == 1);

  room.board.on_report(report_of("lobby", 2, "health", {}));
  room.clock.advance(500ms);
  for (const auto& feed : feeds) CHECK(has(feed->next().value(), "\"sequence\":2"));
  CHECK(room.hub.observations_made() == 2);
}

TEST_CASE("a camera that comes back is told anew") {
  Hub room;
  const auto feed = room.hub.listen(only("observation"), "");
  room.board.on_report(report_of("lobby", 7, "health", {}));
  room.hub.look({camera_status("lobby")});
  CHECK(has(feed->next().value(), "\"sequence\":7"));
  room.board.remove("lobby");
  room.hub.look({});
  room.board.add("lobby");
  room.board.on_report(report_of("lobby", 1, "health", {}));
  room.clock.advance(500ms);
  CHECK(has(feed->next().value(), "\"sequence\":1"));
}
