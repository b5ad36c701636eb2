// When each picture is to be decoded, told from when it is to be shown: a stream of B-frames has only the latter.
//
// In decoding order the n-th picture is decoded at the n-th smallest time of showing, and everything is shown later by
// as much as the order was ever turned around; so no picture is shown before it is decoded. The n-th smallest is known
// once no earlier picture can still come: 16 pictures later (no stream turns its order around further), or two seconds.
// Thread: bound to its owner; knows no pictures, only times (ticks).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

namespace lynceus::daemon {

class DecodeTimes {
 public:
  /// In decoding order.
  void push(std::int64_t shown);
  /// No more will come.
  void end() { ended_ = true; }
  /// The next one's time of decoding, from 0 on and growing; nothing when it cannot be known yet.
  std::optional<std::int64_t> pop();

  /// How much later everything is shown: valid once something was popped. Added to the time of showing.
  std::int64_t later() const { return later_; }
  /// What is subtracted from the time of showing: that of the first picture shown.
  std::int64_t origin() const { return origin_; }

 private:
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> waiting_;
  std::vector<std::int64_t> first_;  ///< until the first is popped: times in decoding order
  std::int64_t newest_ = 0, origin_ = 0, later_ = 0, last_ = -1;
  bool begun_ = false, ended_ = false;
};

}  // namespace lynceus::daemon
