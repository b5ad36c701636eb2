#include "pipeline/infer/net_set.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace lynceus::infer {

SizedNet& NetSet::best_for(std::size_t waiting) {
  // What has not run yet is taken for a little better than its parts one by one: tried when it can be filled.
  constexpr double kHope = 0.999;
  const double one = nets.front().seconds;
  const auto rank = [&](const SizedNet& net) {
    const auto answered = std::min(waiting, static_cast<std::size_t>(net.size));
    const double seconds = net.seconds > 0 ? net.seconds : kHope * one * net.size;
    return std::tuple(seconds / static_cast<double>(answered), waiting - answered, net.size);
  };
  return *std::min_element(nets.begin(), nets.end(),
                           [&](const SizedNet& a, const SizedNet& b) { return rank(a) < rank(b); });
}

std::vector<int> NetSet::sizes() const {
  std::vector<int> all;
  for (const SizedNet& net : nets) all.push_back(net.size);
  return all;
}

void NetSet::add(SizedNet net) {
  const auto after = std::find_if(nets.begin(), nets.end(), [&](const SizedNet& n) { return n.size > net.size; });
  nets.insert(after, std::move(net));
}

void note_run(SizedNet& net, double seconds) {
  constexpr double kForget = 1.02;
  net.seconds = net.seconds > 0 ? std::min(seconds, net.seconds * kForget) : seconds;
}

}  // namespace lynceus::infer
