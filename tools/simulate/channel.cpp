#include "tools/simulate/channel.h"

#include <utility>

namespace lynceus::tools {

Channel::Channel(ClipPtr plain) : born_(system_clock().now()) { clips_[0] = std::move(plain); }

ClipPtr Channel::clip(Variant variant) const {
  std::lock_guard lock(mutex_);
  const auto& wanted = clips_.at(static_cast<std::size_t>(variant));
  return wanted ? wanted : clips_[0];
}

bool Channel::has(Variant variant) const {
  std::lock_guard lock(mutex_);
  return clips_.at(static_cast<std::size_t>(variant)) != nullptr;
}

void Channel::put(Variant variant, ClipPtr clip) {
  std::lock_guard lock(mutex_);
  clips_.at(static_cast<std::size_t>(variant)) = std::move(clip);
}

void Channel::begin(const Fault& fault, MonoTime until) {
  std::lock_guard lock(mutex_);
  faults_.begin(fault, until);
}

void Channel::end_all() {
  std::lock_guard lock(mutex_);
  faults_.end_all();
}

Effects Channel::effects(MonoTime now) const {
  std::lock_guard lock(mutex_);
  return faults_.at(now);
}

std::optional<MonoTime> Channel::next_end(MonoTime now) const {
  std::lock_guard lock(mutex_);
  return faults_.next_end(now);
}

std::uint64_t Channel::position(MonoTime now) const {
  const double age_s = std::chrono::duration<double>(now - born_).count();
  return age_s > 0 ? static_cast<std::uint64_t>(age_s * clip(Variant::plain)->fps) : 0;
}

}  // namespace lynceus::tools
