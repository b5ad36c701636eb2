// Tells a character's picture: one of the ten figures, C, F, or something else. A small network trained on drawn
// characters (plugins/pipes/training/figures.py), its weights compiled in. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::pipes {

struct Figure {
  char letter = '?';      ///< 0-9, C, F; ? is something else
  double confidence = 0;  ///< 0..1
};

/// `ink` is CV_8UC1, bright letter on dark, cut to the letter's box.
Figure read_figure(const cv::Mat& ink);

}  // namespace lynceus::pipes
