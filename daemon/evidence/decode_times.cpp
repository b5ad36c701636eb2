#include "daemon/evidence/decode_times.h"

#include <algorithm>

namespace lynceus::daemon {
namespace {

constexpr std::size_t kDeepest = 16;
constexpr std::int64_t kLongest = 2 * 90'000;

}  // namespace

void DecodeTimes::push(std::int64_t shown) {
  newest_ = waiting_.empty() ? shown : std::max(newest_, shown);
  waiting_.push(shown);
  if (!begun_) first_.push_back(shown);
}

std::optional<std::int64_t> DecodeTimes::pop() {
  if (waiting_.empty()) return std::nullopt;
  if (!ended_ && waiting_.size() <= kDeepest && newest_ - waiting_.top() < kLongest) return std::nullopt;
  if (!begun_) {
    begun_ = true;
    origin_ = waiting_.top();
    std::vector<std::int64_t> sorted = first_;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < first_.size(); ++i) later_ = std::max(later_, sorted[i] - first_[i]);
    first_ = {};
  }
  const std::int64_t time = std::max(waiting_.top() - origin_, last_ + 1);
  waiting_.pop();
  last_ = time;
  return time;
}

}  // namespace lynceus::daemon
