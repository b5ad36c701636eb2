// Algorithm 2 as published: denoise, compare with the frame before, average the masks of ±5 frames. Frames go in one by
// one; each comes out when the last frame it depends on is there: 5 frames and 2 a pass of the filter later.
// Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <deque>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "plugins/context/susan.h"

namespace lynceus::context {

struct SeedVideoSettings {
  int passes = 2;         ///< of the SUSAN filter
  int reach = 5;          ///< frames on either side whose masks are averaged
  double threshold = 20;  ///< of the difference to the frame before
  bool smooth = true;     ///< 3×3 box over the averaged mask
};

struct SeedFrame {
  std::int64_t number = 0;
  cv::Mat denoised;    ///< 32FC3
  cv::Mat importance;  ///< 32FC1
};

class SeedVideo {
 public:
  explicit SeedVideo(const SeedVideoSettings& settings = {});
  /// 8UC3. At most one frame comes out.
  std::optional<SeedFrame> push(const cv::Mat& night);
  /// The clip is over: what is left, one a call.
  std::optional<SeedFrame> finish();
  int look_ahead() const { return settings_.reach + 2 * settings_.passes; }

 private:
  struct Masked {
    cv::Mat frame, mask;
  };
  void take(const cv::Mat& denoised);
  std::optional<SeedFrame> next(bool at_end);
  bool drain();

  SeedVideoSettings settings_;
  std::vector<SusanStage> stages_;
  std::deque<Masked> masked_;  ///< at most 2 reach + 1
  std::size_t due_ = 0;        ///< the one among them that comes out next
  std::int64_t number_ = 0;
  bool drained_ = false;
};

}  // namespace lynceus::context
