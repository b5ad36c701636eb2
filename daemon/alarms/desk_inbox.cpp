#include "daemon/alarms/desk_inbox.h"

#include <algorithm>
#include <utility>

namespace lynceus::daemon {
namespace {

constexpr std::size_t kMaxEventKeys = 256;

std::string key_of(const sdk::Event& event) { return event.zone.empty() ? event.kind : event.kind + ":" + event.zone; }

void remember_passing(Word& word) {
  if (!word.newest) return;
  for (const sdk::Condition& condition : word.newest->conditions) {
    if (condition.active) word.passing.try_emplace(condition.key(), Word::Passing{condition, word.captured});
  }
}

void add_events(Word& word, const sdk::Observations& said, MonoTime captured) {
  for (const sdk::Event& event : said.events) {
    const std::string key = key_of(event);
    const auto known = word.events.find(key);
    if (known != word.events.end()) {
      known->second.event = event;
      ++known->second.times;
    } else if (word.events.size() < kMaxEventKeys) {
      word.events.emplace(key, Word::Happened{event, captured});
    }
  }
}

}  // namespace

bool DeskInbox::report(const camera::FrameReport& report) {
  bool look = false;
  std::lock_guard lock(mutex_);
  for (const camera::AnalyzerReport& analyzer : report.analyzers) {
    if (!analyzer.observations) continue;
    const SourceName source{report.camera, analyzer.plugin};
    const sdk::Observations& said = *analyzer.observations;
    Word& word = words_[source];
    Active active;
    for (const sdk::Condition& condition : said.conditions) {
      if (condition.active) active.emplace_back(condition.key(), condition.severity);
    }
    const auto [known, first] = active_.try_emplace(source);
    if (first || known->second != active) {
      remember_passing(word);
      known->second = std::move(active);
      look = true;
    }
    word.newest = analyzer.observations;
    word.captured = report.frame ? report.frame->captured() : MonoTime{};
    add_events(word, said, word.captured);
    look = look || !said.events.empty();
  }
  return look;
}

bool DeskInbox::order(Order order, bool may_refuse) {
  std::lock_guard lock(mutex_);
  if (may_refuse && orders_.size() >= kMaxOrders) return false;
  orders_.push_back(std::move(order));
  return true;
}

DeskInbox::Content DeskInbox::take() {
  std::lock_guard lock(mutex_);
  return {std::exchange(words_, {}), std::exchange(orders_, {})};
}

bool DeskInbox::empty() const {
  std::lock_guard lock(mutex_);
  return words_.empty() && orders_.empty();
}

}  // namespace lynceus::daemon
