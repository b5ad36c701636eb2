// What a network's input takes to make of a decoded picture: in many steps (colours of the whole picture, resized,
// copied beside the grey, made planes of floats), and in one pass as analyzers do. Thread: bound to its caller.
#pragma once

#include <string>

#include "tools/infer_bench/bench_model.h"

namespace lynceus::tools {

struct InputRow {
  std::string model;
  cv::Size picture;
  double steps_ms = 0, pass_ms = 0;         ///< CPU time of this thread, the least of many
  double mean_levels = 0, most_levels = 0;  ///< how far the numbers are apart, in levels of the picture
  int boxes = 0;                            ///< of the many steps, at the operating point, over several pictures
  double least_iou = 1, most_apart = 0;     ///< of these boxes with those of one pass
};

InputRow compare_inputs(const BenchModel& model, cv::Size picture, double seconds);

}  // namespace lynceus::tools
