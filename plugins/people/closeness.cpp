#include "plugins/people/closeness.h"

#include <algorithm>

namespace lynceus::people {
namespace {

constexpr double kGap_s = 0.5;  // a pair that is not seen, or seems apart, for so long starts again

}  // namespace

void Closeness::update(std::span<const Person> people, std::span<const Pair> pairs, const Groups& groups,
                       double time_s) {
  for (const Pair& pair : pairs) {
    if (!pair.violation || pair.probability < probability_) continue;
    const std::int64_t a = people[pair.a].id, b = people[pair.b].id;
    if (groups.undecided(a, b)) continue;
    const auto [entry, fresh] = close_.try_emplace(std::minmax(a, b), Since{time_s, time_s});
    entry->second.sure_s = time_s;
  }
  std::erase_if(close_, [&](const auto& item) { return time_s - item.second.sure_s > kGap_s; });
  alarming_ = int(std::count_if(close_.begin(), close_.end(), [&](const auto& item) {
    return item.second.sure_s - item.second.from_s >= after_s_ - 1e-6;
  }));
}

}  // namespace lynceus::people
