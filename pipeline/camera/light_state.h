// Day, night, or on the way between them.
//
//        sudden change, or the other side for 3 s            quiet for 0.6 s, or 5 s have passed
//   day/night ───────────────────────────────────► adapting ────────────────────────────────────► day/night
//
// Night: no colour, or so dark that it makes no difference. The two levels of brightness keep dusk from flickering.
// Thread: bound to its owner.
#pragma once

#include <optional>

#include "base/clock.h"
#include "plugins/sdk/input.h"

namespace lynceus::camera {

struct LightSigns {
  bool sudden = false;  ///< the whole picture changed at once
  bool quiet = true;    ///< the picture has come to rest
  bool monochrome = false;
  double brightness = 128;  ///< mean grey level
};

class LightState {
 public:
  /// True when the light settled on another side than before with this call. The first call decides at once.
  bool update(MonoTime now, const LightSigns& signs);
  sdk::Light light() const { return adapting_ ? sdk::Light::adapting : side_; }
  void reset();

 private:
  sdk::Light decide(const LightSigns& signs) const;
  bool settle(MonoTime now, const LightSigns& signs, bool forced);

  bool started_ = false;
  bool adapting_ = false;
  sdk::Light side_ = sdk::Light::day;
  MonoTime adapting_since_{}, restless_at_{}, deaf_until_{};
  std::optional<MonoTime> other_side_since_;
};

}  // namespace lynceus::camera
