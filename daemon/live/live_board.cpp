#include "daemon/live/live_board.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lynceus::daemon {
namespace {

constexpr std::chrono::seconds kWantedFor{5};

std::string health_of(const sdk::Observations& observations) {
  const auto* details = observations.details.get_if<sdk::Value::Object>();
  if (details == nullptr) return {};
  for (const auto& [key, value] : *details) {
    if (key != "state") continue;
    const auto* text = value.get_if<std::string>();
    return text != nullptr ? *text : std::string{};
  }
  return {};
}

PluginWord word_of(const camera::FrameReport& report, const camera::AnalyzerReport& said) {
  PluginWord word;
  word.plugin = said.plugin;
  word.observations = said.observations;
  word.seconds = said.seconds;
  word.sequence = report.frame->sequence();
  word.at = report.frame->captured_wall();
  return word;
}

void put_word(std::vector<PluginWord>& words, PluginWord word) {
  const auto same = std::find_if(words.begin(), words.end(), [&](const auto& w) { return w.plugin == word.plugin; });
  if (same != words.end()) {
    *same = std::move(word);
  } else {
    words.push_back(std::move(word));
  }
}

}  // namespace

const char* name(sdk::Light light) {
  switch (light) {
    case sdk::Light::day:
      return "day";
    case sdk::Light::night:
      return "night";
    case sdk::Light::adapting:
      return "adapting";
  }
  return "day";
}

void LiveBoard::add(const std::string& camera) {
  std::lock_guard lock(mutex_);
  places_.try_emplace(camera);
}

void LiveBoard::remove(const std::string& camera) {
  Place old;  // frames are let go after the lock
  std::lock_guard lock(mutex_);
  const auto found = places_.find(camera);
  if (found == places_.end()) return;
  old = std::move(found->second);
  places_.erase(found);
}

void LiveBoard::on_report(const camera::FrameReport& report) {
  if (!report.frame) return;
  auto next = std::make_shared<CameraSnapshot>();
  SnapshotPtr last;  // let go after the lock: a frame's destructor may take a while
  std::lock_guard lock(mutex_);
  const auto found = places_.find(report.camera);
  if (found == places_.end()) return;
  last = std::move(found->second.newest);
  if (last) {
    next->plugins = last->plugins;
    next->health = last->health;
  }
  next->version = ++version_;
  next->frame = report.frame;
  next->light = report.light;
  next->motion = report.motion;
  for (const auto& said : report.analyzers) {
    if (!said.observations) continue;
    PluginWord word = word_of(report, said);
    word.version = next->version;
    put_word(next->plugins, std::move(word));
    if (said.plugin == "health") next->health = health_of(*said.observations);
  }
  found->second.newest = std::move(next);
}

std::vector<std::string> LiveBoard::wanted(const std::string& camera) const {
  std::vector<std::string> views;
  std::lock_guard lock(mutex_);
  const auto found = places_.find(camera);
  if (found == places_.end() || found->second.wanted_until.empty()) return views;
  const MonoTime now = clock_.now();
  for (const auto& [view, until] : found->second.wanted_until) {
    if (until > now) views.push_back(view);
  }
  return views;
}

SnapshotPtr LiveBoard::newest(const std::string& camera) const {
  std::lock_guard lock(mutex_);
  const auto found = places_.find(camera);
  return found == places_.end() ? nullptr : found->second.newest;
}

std::vector<std::string> LiveBoard::names() const {
  std::vector<std::string> all;
  std::lock_guard lock(mutex_);
  for (const auto& [camera, place] : places_) all.push_back(camera);
  return all;
}

void LiveBoard::want(const std::string& camera, const std::string& view) {
  std::lock_guard lock(mutex_);
  const auto found = places_.find(camera);
  if (found != places_.end()) found->second.wanted_until[view] = clock_.now() + kWantedFor;
}

}  // namespace lynceus::daemon
