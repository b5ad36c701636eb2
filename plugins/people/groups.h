// People who keep together: a pair that stays close and moves alike for some seconds belongs together until it parts;
// groups are what pairs hold together. Needs ids and metres. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "plugins/people/person.h"
#include "plugins/people/settings.h"

namespace lynceus::people {

class Groups {
 public:
  explicit Groups(const GroupSettings& settings) : settings_(settings) {}

  /// Sets Person::group of those on the floor. Time never runs backwards.
  void update(std::span<Person> people, double time_s);
  void reset() { companies_.clear(), group_of_.clear(); }
  /// Whether the pair moves alike and it is not decided yet that it belongs together.
  bool undecided(std::int64_t a, std::int64_t b) const;

 private:
  struct Company {
    double distance = 0, speed = 0;  ///< averages
    double seen_s = 0;
    double since_s = -1;  ///< alike; apart, once linked
    bool linked = false, alike = false;
  };
  using Key = std::pair<std::int64_t, std::int64_t>;

  void look(const Person& a, const Person& b, double time_s);
  void decide(Company& company, double time_s) const;
  void forget(double time_s);
  void number(std::span<Person> people);

  const GroupSettings settings_;
  std::map<Key, Company> companies_;
  std::map<std::int64_t, int> group_of_;  ///< of the frame before
  int next_ = 1;
};

}  // namespace lynceus::people
