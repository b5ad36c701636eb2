// A share that becomes a condition: too great for long enough, and over once it has been well below for long enough.
//
// Between its limit and two thirds of it nothing changes: an edge that the network cannot decide on does not flap.
// At least two looks decide. Thread: bound to the analyzer.
#pragma once

#include <optional>

namespace lynceus::scene {

class Watch {
 public:
  Watch(double limit, double after_s, double clear_after_s)
      : limit_(limit), after_s_(after_s), clear_after_s_(clear_after_s) {}

  void update(double share, double time_s);
  bool active() const { return active_; }
  /// Looks say otherwise than it stands: look again soon.
  bool pending() const { return against_since_s_.has_value(); }
  std::optional<double> share() const { return share_; }
  double limit() const { return limit_; }
  void reset() { *this = Watch(limit_, after_s_, clear_after_s_); }

 private:
  double limit_, after_s_, clear_after_s_;
  bool active_ = false;
  std::optional<double> share_, against_since_s_;
  int against_ = 0;
};

}  // namespace lynceus::scene
