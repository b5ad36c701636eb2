// Whether the picture's content still changes, by bit-identity: a live camera's noise changes every picture, a frozen
// one sends the same bits again and again, or the same few (an encoder that repeats its last group of pictures).
//
// A look is a repetition when its hash is one of the last eight looks'. Thread: bound to the analyzer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>

#include "plugins/health/grid.h"

namespace lynceus::health {

std::uint64_t hash_content(const cv::Mat& luma, std::span<const Run> runs);

class ContentWatch {
 public:
  /// True when this content was there in one of the last eight looks.
  bool repeated(std::uint64_t hash);

 private:
  std::array<std::uint64_t, 8> last_{};
  std::size_t next_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace lynceus::health
