// A yes or no that must last before it counts: `raise_s` of yes to become so, `clear_s` of no to end. Thread: reentrant.
#pragma once

namespace lynceus::pipes {

class Hold {
 public:
  bool update(bool now, double time_s, double raise_s, double clear_s) {
    if (!started_ || now != last_ || time_s < since_) since_ = time_s;
    started_ = true;
    last_ = now;
    if (now != active_ && time_s - since_ >= (now ? raise_s : clear_s)) active_ = now;
    return active_;
  }
  bool active() const { return active_; }
  void reset() { *this = Hold(); }

 private:
  bool started_ = false, last_ = false, active_ = false;
  double since_ = 0;
};

}  // namespace lynceus::pipes
