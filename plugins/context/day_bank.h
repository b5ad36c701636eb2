// Day pictures of the place that the daemon learns by itself: one an hour of the day, each the running median of what the
// camera saw in that hour, kept over restarts. At night the one whose edges agree best with the night's is taken.
// Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "plugins/sdk/services.h"

namespace lynceus::context {

class DayBank {
 public:
  /// Reads what an earlier run has kept.
  explicit DayBank(sdk::State& state);

  /// 8UC3, by daylight; `hour` 0 … 23. Meant to be called every few seconds.
  void learn(const cv::Mat& picture, int hour);
  /// The best for this night picture (of any size with the same shape), or empty when nothing is known well enough.
  cv::Mat choose(const cv::Mat& night);
  bool empty() const;
  /// Writes what has changed much since it was written.
  void save();

 private:
  struct Slot {
    int hour = 0;
    int looks = 0, saved = 0;
    cv::Mat picture;  ///< 8UC3
  };
  Slot* slot_for(int hour, cv::Size size);

  sdk::State& state_;
  std::vector<Slot> slots_;
  int chosen_hour_ = -1;
};

/// How many day pictures of a size are kept: as many as 6 MiB hold, one to eight.
std::size_t bank_capacity(cv::Size size);
/// As YUV 4:2:0, so that half of the bytes suffice; and back (empty when the blob is none of ours).
std::vector<std::byte> pack_day(const cv::Mat& picture, int hour, int looks);
cv::Mat unpack_day(std::span<const std::byte> blob, int& hour, int& looks);

}  // namespace lynceus::context
