#include "daemon/notify/mqtt_talk.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "daemon/alarms/routing.h"

namespace lynceus::daemon::notify {
namespace {

constexpr std::size_t kMostUnderWay = 32;
constexpr std::chrono::seconds kListen{10};
constexpr int kRefused = 128;  // reason codes of MQTT 5 from here on

}  // namespace

MqttTalk::MqttTalk(Parts parts)
    : parts_(std::move(parts)),
      topics_(parts_.sink, parts_.site, parts_.version),
      schedule_({.sink = parts_.sink.name}, parts_.outbox, parts_.random),
      health_(parts_.sink.name, parts_.condition) {}

// ---- the connection ------------------------------------------------------------------------------------------------

void MqttTalk::connected() {
  up_ = true;
  attempts_ = 0;
  health_.succeeded();
  health_.look(0, parts_.now().mono);
  log::info("notify", "connected to the broker", {{"sink", parts_.sink.name}});
  broker_->publish(topics_.status(), "online", true);
  announced_.clear();
  switches_.clear();
  tell_states();
  announce();
  // For a while all of it, commands among them: what an earlier run left there and is no more is put right.
  broker_->subscribe(topics_.all_states());
  stop_listening_ = parts_.now().mono + kListen;
  schedule_.hurry();
  schedule_.owed();
}

MonoTime MqttTalk::lost(const std::string& why) {
  const Now now = parts_.now();
  if (up_ || health_.healthy())
    log::warning("notify", "no connection to the broker", {{"sink", parts_.sink.name}, {"why", why}});
  up_ = false;
  broker_ = nullptr;
  stop_listening_ = MonoTime::max();
  health_.failed(why, now.mono);
  const auto under_way = std::exchange(under_way_, {});
  for (const auto& [message, one] : under_way) settle(one.parcel, {Verdict::Kind::unreachable, {}, why});
  for (const auto& [message, one] : std::exchange(tests_, {})) one.first(false, why);
  return now.mono + backoff(++attempts_, parts_.random());
}

std::optional<MonoTime> MqttTalk::silent_since() const {
  std::optional<MonoTime> since;
  const auto earlier = [&](MonoTime at) { since = since ? std::min(*since, at) : at; };
  for (const auto& [message, one] : under_way_) earlier(one.since);
  for (const auto& [message, one] : tests_) earlier(one.second);
  return since;
}

// ---- what we say ---------------------------------------------------------------------------------------------------

MonoTime MqttTalk::pump() {
  const Now now = parts_.now();
  health_.look(0, now.mono);
  const MonoTime look_at = health_.look_at().value_or(MonoTime::max());
  if (!up_) return look_at;
  if (now.mono >= stop_listening_) {
    if (parts_.sink.commands) broker_->subscribe(topics_.all_commands());
    broker_->unsubscribe(topics_.all_states());
    stop_listening_ = MonoTime::max();
  }
  while (auto parcel = schedule_.next(now, kMostUnderWay)) deliver(std::move(*parcel));
  return std::min({schedule_.wake_at(now, kMostUnderWay), stop_listening_, look_at});
}

void MqttTalk::deliver(Parcel parcel) {
  const Alarm& alarm = parcel.rows.front().change.alarm;
  const StateTopic topic{alarm.camera, alarm.kind};
  states_.apply(alarm);
  announce(topic, name_of(alarm.camera));
  const int message = broker_->publish(topics_.state(topic), states_.payload(topic), true);
  if (message < 0) return settle(parcel.id, {Verdict::Kind::later, {}, "the client took no more"});
  under_way_[message] = {parcel.id, parts_.now().mono};
}

void MqttTalk::acknowledged(int message, int reason) {
  if (const auto test = tests_.find(message); test != tests_.end()) {
    const TestDone done = std::move(test->second.first);
    tests_.erase(test);
    done(reason < kRefused, reason < kRefused ? "PUBACK" : "the broker refused: reason " + std::to_string(reason));
  }
  const auto found = under_way_.find(message);
  if (found == under_way_.end()) return;
  const std::uint64_t parcel = found->second.parcel;
  under_way_.erase(found);
  if (reason < kRefused) return settle(parcel, {Verdict::Kind::delivered, {}, {}});
  settle(parcel, {Verdict::Kind::later, {}, "the broker refused: reason " + std::to_string(reason)});
}

void MqttTalk::settle(std::uint64_t parcel, const Verdict& verdict) {
  const Now now = parts_.now();
  const Schedule::Report report = schedule_.done(parcel, verdict, now);
  for (std::size_t i = 0; i < report.delivered; ++i) parts_.counted("delivered");
  for (std::size_t i = 0; i < report.again; ++i) parts_.counted("retry");
  if (verdict.kind == Verdict::Kind::delivered) {
    health_.succeeded();
  } else {
    health_.failed(verdict.why, now.mono);
  }
}

void MqttTalk::tell_state(const StateTopic& topic) {
  broker_->publish(topics_.state(topic), states_.payload(topic), true);
}

void MqttTalk::tell_states() {
  std::vector<Alarm> raised = parts_.raised ? parts_.raised() : std::vector<Alarm>{};
  std::erase_if(raised, [&](const Alarm& alarm) { return !wants(parts_.sink, alarm); });
  states_.reset(raised);
  for (const StateTopic& topic : states_.all_on()) tell_state(topic);
}

void MqttTalk::test(TestDone done) {
  if (!up_) return done(false, "no connection" + (health_.last_error().empty() ? "" : ": " + health_.last_error()));
  const Now now = parts_.now();
  const nlohmann::ordered_json body{{"site", parts_.site}, {"version", parts_.version}, {"time", rfc3339(now.wall)}};
  const int message = broker_->publish(topics_.test(), body.dump(), false);
  if (message < 0) return done(false, "the client took no more");
  tests_[message] = {std::move(done), now.mono};
}

// ---- Home Assistant ------------------------------------------------------------------------------------------------

std::vector<MqttTalk::Camera> MqttTalk::cameras() const {
  return parts_.cameras ? parts_.cameras() : std::vector<Camera>{};
}

std::string MqttTalk::name_of(const std::string& camera) const {
  for (const auto& [id, name] : cameras()) {
    if (id == camera) return name;
  }
  return camera;
}

void MqttTalk::announce(const StateTopic& topic, const std::string& camera_name) {
  if (!parts_.sink.home_assistant || !announced_.insert(topic).second) return;
  const Topics::Document sensor = topics_.sensor(topic, camera_name);
  broker_->publish(sensor.topic, sensor.body, true);
  if (!states_.on(topic)) tell_state(topic);  // else it is "unknown" over there
}

void MqttTalk::announce() {
  if (!parts_.sink.home_assistant) return;
  for (const auto& [id, camera_name] : cameras()) {
    if (parts_.kinds) {
      for (const std::string& kind : parts_.kinds(id)) announce({id, kind}, camera_name);
    }
    if (!parts_.sink.commands || !switches_.insert(id).second) continue;
    const Topics::Document enabled = topics_.enable_switch(id, camera_name);
    broker_->publish(enabled.topic, enabled.body, true);
  }
  for (const StateTopic& topic : states_.all_on()) announce(topic, name_of(topic.camera));
}

/// A camera that is no more: nothing of it stays with the broker.
void MqttTalk::withdraw(const StateTopic& topic) {
  broker_->publish(topics_.state(topic), "", true);
  if (!parts_.sink.home_assistant) return;
  broker_->publish(topics_.sensor(topic, "").topic, "", true);
  if (switches_.erase(topic.camera) > 0) broker_->publish(topics_.enable_switch(topic.camera, "").topic, "", true);
}

void MqttTalk::refresh() {
  if (!up_) return;
  const auto there = cameras();
  const auto gone = [&](const StateTopic& topic) {
    return !topic.camera.empty() &&
           std::none_of(there.begin(), there.end(), [&](const Camera& camera) { return camera.first == topic.camera; });
  };
  for (const StateTopic& topic : std::set<StateTopic>(announced_)) {
    if (!gone(topic)) continue;
    withdraw(topic);
    announced_.erase(topic);
  }
  tell_states();
  announce();
}

// ---- what we hear --------------------------------------------------------------------------------------------------

void MqttTalk::message(const std::string& topic, const std::string& payload, bool retained) {
  if (const auto camera = topics_.commanded(topic)) return command(*camera, payload, retained);
  const auto state = topics_.state_of(topic);
  if (!state || !retained || payload.empty() || !up_ || states_.on(*state)) return;
  const auto there = cameras();
  const bool known = state->camera.empty() || std::any_of(there.begin(), there.end(), [&](const Camera& camera) {
                       return camera.first == state->camera;
                     });
  if (!known) return withdraw(*state);
  if (payload != states_.payload(*state)) tell_state(*state);
}

void MqttTalk::command(const std::string& camera, const std::string& payload, bool retained) {
  if (!parts_.sink.commands) return;
  const auto enabled = parse_command(payload);
  const auto there = cameras();
  const bool known = std::any_of(there.begin(), there.end(), [&](const Camera& one) { return one.first == camera; });
  // A retained one would be obeyed again at every connection.
  if (retained || !enabled || !known) {
    const char* why = retained ? "it is retained" : !known ? "no such camera" : "not {\"enabled\": true or false}";
    const double now_s = std::chrono::duration<double>(parts_.now().mono.time_since_epoch()).count();
    if (!refused_commands_.allow(now_s)) return;
    return log::warning("notify", "a command is not obeyed",
                        {{"sink", parts_.sink.name}, {"camera", camera.substr(0, 63)}, {"why", why}});
  }
  log::info("notify", *enabled ? "camera switched on" : "camera switched off",
            {{"sink", parts_.sink.name}, {"camera", camera}});
  if (parts_.enable) parts_.enable(camera, *enabled);
}

}  // namespace lynceus::daemon::notify
