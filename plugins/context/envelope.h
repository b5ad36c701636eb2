// Between which grey levels a picture lies around each pixel, and what a result has beyond them.
//
// Works on blocks of 4×4 pixels, whose means are the picture's luminance without its noise; around means 15 px.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::context {

struct Envelope {
  cv::Mat mean, least, greatest;  ///< 8UC1, a block each (rounded up)
};

/// Of an 8UC3 picture.
Envelope envelope_of(const cv::Mat& bgr);

/// What a result may be in a part of the picture, 8UC1 of its size.
struct Range {
  cv::Mat least, greatest;  ///< what day or night have around
  cv::Mat over, under;      ///< by how much the things, as a whole, are beyond that
};

/// `day` is of the whole picture, `night` all of it (8UC3); `v` (32FC1), `influence` and `things` are of the size of
/// `rect`, v times influence being what the result is brighter than the day picture.
Range range_of(const Envelope& day, const cv::Mat& night, const cv::Rect& rect, const cv::Mat& v,
               const cv::Mat& influence, const cv::Mat& things);

}  // namespace lynceus::context
