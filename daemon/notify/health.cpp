#include "daemon/notify/health.h"

#include <chrono>
#include <utility>

namespace lynceus::daemon::notify {
namespace {

constexpr std::chrono::minutes kPatience{5};

}  // namespace

Health::Health(std::string sink, Tell tell) : sink_(std::move(sink)), tell_(std::move(tell)) {}

void Health::succeeded() {
  failing_since_.reset();
  last_error_.clear();
}

void Health::failed(const std::string& why, MonoTime now) {
  if (!failing_since_) failing_since_ = now;
  last_error_ = why;
}

void Health::disabled(const std::string& why) {
  disabled_ = true;
  last_error_ = why;
}

void Health::revived() { disabled_ = false; }

void Health::look(std::int64_t parked, MonoTime now) {
  const bool long_since = failing_since_ && now - *failing_since_ >= kPatience;
  std::string summary = "deliveries to '" + sink_ + "' fail";
  if (parked > 0) summary += ", " + std::to_string(parked) + " given up";
  if (long_since) summary += ": " + last_error_;
  tell("delivery_failing", told_failing_, (parked > 0 || long_since) && !disabled_, summary);
  tell("sink_disabled", told_disabled_, disabled_, "the receiver of '" + sink_ + "' said that it is gone (HTTP 410)");
}

std::optional<MonoTime> Health::look_at() const {
  if (!failing_since_ || told_failing_.value_or(false)) return {};
  return *failing_since_ + kPatience;
}

void Health::tell(const char* kind, std::optional<bool>& told, bool active, const std::string& summary) {
  if (told == active) return;
  told = active;
  sdk::Condition condition;
  condition.kind = kind;
  condition.zone = sink_;
  condition.active = active;
  condition.severity = sdk::Severity::warning;
  condition.summary = summary;
  if (tell_) tell_(condition);
}

}  // namespace lynceus::daemon::notify
