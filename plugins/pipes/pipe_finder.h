// Finds the pipe in a temperature field: a long band, warmer than what lies on both sides of it.
//
// Several thresholds are tried (a lamp or a bare section takes Otsu's for itself), each component's edges are fitted by
// lines that tolerate bare sections (inside) and branches (outside), and the best band wins. Smaller pictures are
// searched first; the whole one only where they show no thick pipe, or one that does not hold when looked at closer.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "plugins/pipes/pipe_lines.h"

namespace lynceus::pipes {

struct FoundPipe {
  PipeLines lines;
  double contrast_kelvin = 0;  ///< above what lies on the warmer of both sides
  double score = 0;
};

/// `celsius` is CV_32F without gaps, a few hundred pixels wide.
std::optional<FoundPipe> find_pipe(const cv::Mat& celsius);

/// How much warmer the band is than the warmer of its two sides, kelvin.
double contrast_of(const cv::Mat& celsius, const PipeLines& lines);

}  // namespace lynceus::pipes
