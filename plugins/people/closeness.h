// When too close becomes an alarm: two people who were probably too close for a while, and not in one frame only.
// Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "plugins/people/groups.h"
#include "plugins/people/person.h"

namespace lynceus::people {

class Closeness {
 public:
  Closeness(double probability, double after_s) : probability_(probability), after_s_(after_s) {}

  /// Pairs that may still turn out to belong together are waited for.
  void update(std::span<const Person> people, std::span<const Pair> pairs, const Groups& groups, double time_s);
  void reset() { close_.clear(), alarming_ = 0; }
  /// Pairs that have been too close for long enough.
  int alarming() const { return alarming_; }

 private:
  struct Since {
    double from_s, sure_s;  ///< first and latest time that it was probable
  };
  const double probability_, after_s_;
  std::map<std::pair<std::int64_t, std::int64_t>, Since> close_;
  int alarming_ = 0;
};

}  // namespace lynceus::people
