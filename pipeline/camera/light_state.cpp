#include "pipeline/camera/light_state.h"

namespace lynceus::camera {

using namespace std::chrono_literals;

namespace {
constexpr double kNightBelow = 40, kDayAbove = 55;
constexpr auto kQuietFor = 600ms;
constexpr auto kLongestAdapting = 5s;
constexpr auto kDusk = 3s;
constexpr auto kDeafAfterForced = 5s;  // a blinking light must not blind the camera for ever
}  // namespace

void LightState::reset() { *this = LightState{}; }

sdk::Light LightState::decide(const LightSigns& signs) const {
  if (signs.monochrome) return sdk::Light::night;
  const double limit = side_ == sdk::Light::day ? kNightBelow : kDayAbove;
  return signs.brightness < limit ? sdk::Light::night : sdk::Light::day;
}

bool LightState::settle(MonoTime now, const LightSigns& signs, bool forced) {
  const sdk::Light before = side_;
  side_ = decide(signs);
  adapting_ = false;
  other_side_since_.reset();
  if (forced) deaf_until_ = now + kDeafAfterForced;
  return side_ != before;
}

bool LightState::update(MonoTime now, const LightSigns& signs) {
  if (!started_) {
    started_ = true;
    settle(now, signs, false);
    return false;
  }
  if (adapting_) {
    if (!signs.quiet) restless_at_ = now;
    if (now - restless_at_ >= kQuietFor) return settle(now, signs, false);
    if (now - adapting_since_ >= kLongestAdapting) return settle(now, signs, true);
    return false;
  }
  if (decide(signs) == side_) {
    other_side_since_.reset();
  } else if (!other_side_since_) {
    other_side_since_ = now;
  }
  const bool dusk = other_side_since_ && now - *other_side_since_ >= kDusk;
  if (dusk || (signs.sudden && now >= deaf_until_)) {
    adapting_ = true;
    adapting_since_ = restless_at_ = now;
  }
  return false;
}

}  // namespace lynceus::camera
