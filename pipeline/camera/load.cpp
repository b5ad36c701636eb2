#include "pipeline/camera/load.h"

#include <algorithm>

namespace lynceus::camera {
namespace {

constexpr double kWeight = 0.1;          // of the newest value
constexpr double kLongestInterval = 10;  // seconds; a gap beyond is no frame interval

void follow(double& average, double value) { average = average == 0 ? value : average + kWeight * (value - average); }
double seconds(MonoTime::duration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace

Load::Load(int budget_percent) : budget_(std::clamp(budget_percent, 1, 100) / 100.0) {}

void Load::arrived(MonoTime captured, std::uint64_t sequence) {
  if (captured_ && sequence > sequence_ && captured > *captured_) {
    const double interval = seconds(captured - *captured_) / double(sequence - sequence_);
    if (interval < kLongestInterval) follow(interval_s_, interval);
  }
  captured_ = captured;
  sequence_ = sequence;
}

bool Load::over_budget(MonoTime now) const {
  if (!began_ || interval_s_ == 0 || cost_s_ <= budget_ * interval_s_) return false;
  return seconds(now - *began_) < cost_s_ / budget_;
}

void Load::worked(MonoTime began, MonoTime ended) {
  began_ = began;
  follow(cost_s_, seconds(ended - began));
}

}  // namespace lynceus::camera
