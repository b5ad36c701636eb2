// One fault's life: it must be seen for a while before it is so, and be gone for a while before it is over.
// Thread: bound to the analyzer.
#pragma once

namespace lynceus::health {

/// What one look says of a fault. `unsure` (between the thresholds, or not to be told just now) changes nothing.
enum class Vote { no, unsure, yes };

class Hysteresis {
 public:
  struct Times {
    double on_s = 5, off_s = 3;
  };
  explicit Hysteresis(Times times) : times_(times) {}

  /// `passed_s` since the look before. Two looks at least decide, however far apart they are.
  bool update(Vote vote, double passed_s) {
    if (vote == Vote::unsure) return active_;
    if ((vote == Vote::yes) == active_) {
      against_s_ = 0;
      looks_ = 0;
      return active_;
    }
    if (looks_++ > 0) against_s_ += passed_s;
    if (looks_ >= 2 && against_s_ >= (active_ ? times_.off_s : times_.on_s)) flip();
    return active_;
  }

  bool active() const { return active_; }
  void clear() { *this = Hysteresis(times_); }

 private:
  void flip() {
    active_ = !active_;
    against_s_ = 0;
    looks_ = 0;
  }

  Times times_;
  bool active_ = false;
  double against_s_ = 0;  ///< for how long looks have said the opposite
  int looks_ = 0;
};

}  // namespace lynceus::health
