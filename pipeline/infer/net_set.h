// One network on one back end, loaded at every batch size that it proved, and what a run of each size costs.
//
// A run's cost is the least that was seen lately: it follows a faster run at once and a slower one by 2 % a run, so
// that one stalled run tells nothing. Owner: an executor, or a trial before. Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/infer/engine.h"

namespace lynceus::infer {

struct SizedNet {
  int size = 1;
  std::shared_ptr<void> claim;  ///< on the device's memory, while the net lives
  std::unique_ptr<Net> net;
  double seconds = 0;  ///< of a run; 0: not seen yet
};

struct NetSet {
  std::string engine;
  Backend backend = Backend::cpu;
  std::vector<SizedNet> nets;  ///< ascending by size, the first of size 1

  Net& single() const { return *nets.front().net; }
  /// The net that answers the most of so many equal requests in a second; among equals the one that answers more at
  /// once, then the smaller.
  SizedNet& best_for(std::size_t waiting);
  std::vector<int> sizes() const;
  void add(SizedNet net);
};

void note_run(SizedNet& net, double seconds);

}  // namespace lynceus::infer
