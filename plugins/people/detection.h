// A person as a detector sees one: a box and how sure it is. The seam between detectors and everything behind them.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::people {

struct Detection {
  cv::Rect2d box;    ///< pixels of the frame, clipped to it; only boxes out of a file may reach beyond
  double score = 0;  ///< 0..1
};

}  // namespace lynceus::people
