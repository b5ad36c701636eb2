// A webhook with a receiver of the test's own, in virtual time.
#include "daemon/notify/webhook.h"

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/unit/notify/fake_outbox.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using daemon::notify::Answer;
using daemon::notify::Now;
using daemon::notify::Post;
using daemon::notify::Webhook;

struct Stage {
  explicit Stage(config::SinkSettings settings = {}) : sink(std::move(settings)) {
    sink.name = "ops";
    webhook.emplace(
        Webhook::Parts{.sink = sink,
                       .sender = {"works", "1.2.3"},
                       .outbox = outbox,
                       .random = [] { return 0.5; },
                       .post = [this](Post post, auto done) { posts.emplace_back(std::move(post), std::move(done)); },
                       .now = [this] { return now; },
                       .counted = [this](const std::string& result) { ++counts[result]; },
                       .condition = [this](const sdk::Condition& condition) { conditions.push_back(condition); },
                       .raised = [] { return std::size_t{2}; }});
    webhook->pump();
    const bool all_told = conditions.size() == 2 && !conditions[0].active && !conditions[1].active;
    REQUIRE(all_told);  // what an earlier process raised is over
    conditions.clear();
  }

  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    now.wall += time;
    webhook->pump();
  }
  void owe(int alarm) {
    outbox.owe("ops", change_of(alarm, 1));
    webhook->owed();
    webhook->pump();
  }
  Post answer(const Answer& answer) {
    auto [post, done] = std::move(posts.front());
    posts.pop_front();
    done(answer);
    webhook->pump();
    return post;
  }
  Post answer(int status) { return answer(Answer{Answer::Reach::answered, status, {}, {}}); }

  FakeOutbox outbox;
  config::SinkSettings sink;
  Now now{MonoTime{100s}, WallTime{std::chrono::seconds{1'800'000'000}}};
  std::deque<std::pair<Post, std::function<void(const Answer&)>>> posts;
  std::map<std::string, int> counts;
  std::vector<sdk::Condition> conditions;
  std::optional<Webhook> webhook;
};

std::string header(const Post& post, const std::string& name) {
  for (const auto& [key, value] : post.headers) {
    if (key == name) return value;
  }
  return "(none)";
}

TEST_CASE("a delivery has its headers, and the time of its attempt") {
  config::SinkSettings sink;
  sink.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_b25l"};
  sink.bearer = "sesame";
  Stage stage(sink);
  stage.owe(1);
  const Post first = stage.answer(500);
  stage.pass(1s);
  const Post second = stage.answer(204);
  REQUIRE(header(first, "webhook-id") == "a1.1");
  REQUIRE(header(second, "webhook-id") == "a1.1");
  REQUIRE(header(first, "webhook-timestamp") == "1800000000");
  REQUIRE(header(second, "webhook-timestamp") == "1800000001");
  REQUIRE(first.body == second.body);
  REQUIRE(header(first, "webhook-signature") != header(second, "webhook-signature"));
  const std::string signatures = header(first, "webhook-signature");
  REQUIRE(std::count(signatures.begin(), signatures.end(), ' ') == 1);
  REQUIRE(header(first, "Authorization") == "Bearer sesame");
  REQUIRE(stage.counts == std::map<std::string, int>{{"delivered", 1}, {"retry", 1}});
  REQUIRE(stage.outbox.deliveries().size() == 1);
}

TEST_CASE("without secrets nothing is signed") {
  Stage stage;
  stage.owe(1);
  const Post post = stage.answer(200);
  REQUIRE(header(post, "webhook-signature") == "(none)");
  REQUIRE(header(post, "Authorization") == "(none)");
}

TEST_CASE("410 disables the sink, a test that passes or a reload brings it back") {
  Stage stage;
  stage.owe(1);
  stage.answer(410);
  stage.owe(2);
  stage.pass(1h);
  REQUIRE(stage.posts.empty());
  REQUIRE(stage.conditions.size() == 1);
  REQUIRE(stage.conditions[0].key() == "sink_disabled:ops");
  REQUIRE(stage.conditions[0].active);
  REQUIRE(stage.webhook->health().is_disabled());

  SECTION("a reload") { stage.webhook->revive(); }
  SECTION("a test") {
    std::string line;
    stage.webhook->test([&](bool delivered, const std::string& text) {
      REQUIRE(delivered);
      line = text;
    });
    stage.answer(200);
    REQUIRE(line == "HTTP 200");
  }
  stage.webhook->pump();
  REQUIRE_FALSE(stage.conditions.back().active);
  stage.answer(200);
  stage.answer(200);
  REQUIRE(stage.outbox.deliveries().size() == 2);
}

TEST_CASE("five minutes without a delivery are told, and that it works again") {
  Stage stage;
  stage.owe(1);
  while (stage.conditions.empty() && stage.now.mono < MonoTime{1h}) {
    if (!stage.posts.empty()) stage.answer(Answer{Answer::Reach::unreachable, 0, {}, "connecting: refused"});
    stage.pass(1s);
  }
  REQUIRE(stage.conditions.size() == 1);
  REQUIRE(stage.conditions[0].key() == "delivery_failing:ops");
  REQUIRE(stage.conditions[0].summary == "deliveries to 'ops' fail: connecting: refused");
  REQUIRE(stage.now.mono - MonoTime{100s} >= 5min);
  while (stage.posts.empty()) stage.pass(1s);
  stage.answer(200);
  REQUIRE_FALSE(stage.conditions.back().active);
}

TEST_CASE("parked deliveries are told until a replay went well") {
  Stage stage;
  stage.owe(1);
  for (int i = 0; i < 6000 && stage.counts["failed"] == 0; ++i) {
    if (!stage.posts.empty()) stage.answer(400);
    stage.pass(1s);
  }
  REQUIRE(stage.counts["failed"] == 1);
  REQUIRE(stage.conditions.back().key() == "delivery_failing:ops");
  REQUIRE(stage.conditions.back().active);
  stage.pass(1min);
  REQUIRE(stage.posts.empty());
  stage.outbox.replay(1, [](bool) {});
  stage.webhook->owed();
  stage.pass(1s);
  stage.answer(200);
  stage.pass(20s);
  REQUIRE_FALSE(stage.conditions.back().active);
}

TEST_CASE("heartbeats come in time, whatever happens to them, one at a time") {
  config::SinkSettings sink;
  sink.heartbeat = 60s;
  Stage stage(sink);
  REQUIRE(stage.posts.size() == 1);
  stage.pass(200s);
  REQUIRE(stage.posts.size() == 1);  // the first is still under way
  const Post beat = stage.answer(500);
  REQUIRE(nlohmann::json::parse(beat.body)["type"] == "lynceus.heartbeat");
  REQUIRE(stage.posts.size() == 1);
  stage.answer(200);
  stage.pass(59s);
  REQUIRE(stage.posts.empty());
  stage.pass(1s);
  REQUIRE(stage.posts.size() == 1);
  REQUIRE(stage.counts.empty());
}

TEST_CASE("a receiver far away is told several things at once, a near one one by one") {
  Stage stage;
  for (int alarm = 1; alarm <= 40; ++alarm) stage.owe(alarm);
  REQUIRE(stage.posts.size() == 1);
  for (int i = 0; i < 5; ++i) {
    stage.pass(1ms);
    stage.answer(200);
  }
  REQUIRE(stage.posts.size() == 1);
  for (int i = 0; i < 10; ++i) {
    stage.pass(150ms);
    stage.answer(200);
  }
  REQUIRE(stage.posts.size() > 2);
  REQUIRE(stage.posts.size() <= 8);
}

}  // namespace
}  // namespace lynceus::test
