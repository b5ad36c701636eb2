// A BGR picture as planes of luma and halved chroma, each sample rounded once from the exact value.
//
// GStreamer's converter works with coefficients of eight bits and is off by a level, which is two in blue: too much for
// a palette that is to be read back as temperatures. Thread: any.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace lynceus::tools {

struct YuvMatrix {
  double kr = 0.299, kb = 0.114;
  bool full_range = false;
};

/// `picture` 8UC3 with even sides; writes luma, U and V one behind the other, 1.5 bytes a pixel.
void write_i420(const cv::Mat& picture, const YuvMatrix& matrix, std::uint8_t* out);

}  // namespace lynceus::tools
