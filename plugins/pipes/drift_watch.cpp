#include "plugins/pipes/drift_watch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace lynceus::pipes {
namespace {

constexpr double kBaselineFactor = 50;  // the baseline follows so much more slowly
constexpr double kMostAtOnce_s = 600;   // a longer silence counts as this
constexpr double kClears = 0.7;         // of the limit
using Saved = std::array<double, 4>;    // version, recent, baseline, learned
constexpr double kVersion = 1;

}  // namespace

void DriftWatch::update(double excess_kelvin, double time_s) {
  if (!std::isfinite(excess_kelvin) || after_s_ <= 0) return;
  const double passed = last_s_ ? std::clamp(time_s - *last_s_, 0.0, kMostAtOnce_s) : 0;
  last_s_ = time_s;
  if (learned_s_ == 0 && passed == 0) recent_ = baseline_ = excess_kelvin;
  learned_s_ += passed;
  // At first means of what there is, later of the last hour and the last days.
  const auto follow = [&](double& mean, double constant_s) {
    const double over = std::min(constant_s, std::max(learned_s_, 1.0));
    mean += std::min(1.0, passed / over) * (excess_kelvin - mean);
  };
  follow(recent_, after_s_);
  if (!active_) follow(baseline_, kBaselineFactor * after_s_);
  const double drift = std::abs(drift_kelvin());
  active_ = limit_kelvin_ > 0 && drift > (active_ ? kClears * limit_kelvin_ : limit_kelvin_);
}

sdk::Condition DriftWatch::condition() const {
  sdk::Condition out;
  out.kind = "pipe_drift";
  out.zone = zone_;
  out.active = active_;
  out.severity = sdk::Severity::info;
  out.summary = drift_kelvin() < 0 ? "The pipe has slowly become colder than usual"
                                   : "The pipe has slowly become warmer than usual";
  out.value = drift_kelvin();
  out.limit = limit_kelvin_;
  out.unit = "kelvin";
  return out;
}

std::vector<std::byte> DriftWatch::save() const {
  const Saved saved{kVersion, recent_, baseline_, learned_s_};
  std::vector<std::byte> blob(sizeof saved);
  std::memcpy(blob.data(), saved.data(), sizeof saved);
  return blob;
}

void DriftWatch::restore(std::span<const std::byte> blob) {
  Saved saved{};
  if (blob.size() != sizeof saved) return;
  std::memcpy(saved.data(), blob.data(), sizeof saved);
  const bool finite = std::all_of(saved.begin(), saved.end(), [](double v) { return std::isfinite(v); });
  if (!finite || saved[0] != kVersion || saved[3] < 0) return;
  recent_ = saved[1], baseline_ = saved[2], learned_s_ = saved[3];
}

}  // namespace lynceus::pipes
