// The profile `seed`: the patent's rules, step by step, with the parameters it names and those its silence forced
// (docs/guide/pipes.md). Nothing here is repaired; profile `recommended` is another way.
//
//   const cv::Mat pipe = seed::segment(red, params);
//   Diagnosis found = seed::diagnose(pipe, blue, celsius, params);
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <span>

#include "plugins/pipes/diagnosis.h"

namespace lynceus::pipes::seed {

struct Params {
  int close_px = 15, open_px = 20;
  double least_area = 0.01;  ///< of the crop; less is no pipe
  double top_share = 0.01;   ///< t_m is the mean of so many of the hottest pixels
  double sigma_factor = 3;
  int step_columns = 60;      ///< p
  double narrower_px = 16;    ///< k
  double difference_px = 10;  ///< a
  bool guard = true;          ///< the pipe must get wider again somewhere (D_n < 0)
  double q_kelvin = 0.1;
  int contour_px = 7, join_px = 5;
  double least_defect_px = 0;  ///< S_min
  bool zero_is_background = false;
  bool subtract_k = false;  ///< the patent's own subtraction instead of that of the joined contours
};

/// The pipe, 255 in a mask of the crop's size; empty when there is none. `red` is CV_8UC1.
cv::Mat segment(const cv::Mat& red, const Params& params);

/// `celsius` is CV_32F and right where `pipe` is set.
PipeTemperature judge_temperature(const cv::Mat& pipe, const cv::Mat& celsius, const Params& params);
DiameterResult judge_diameter(const cv::Mat& pipe, const Params& params);
/// Widths of a horizontal pipe, column by column.
DiameterResult judge_widths(std::span<const int> widths, const Params& params);
DefectResult judge_defects(const cv::Mat& pipe, const cv::Mat& blue, const cv::Mat& celsius, double top_celsius,
                           const Params& params);

/// The regions that closed contours leave: `k` is what is left of the edges inside the pipe.
cv::Mat closed_regions(const cv::Mat& k, const Params& params);

/// All of it, from the mask on.
Diagnosis diagnose(const cv::Mat& pipe, const cv::Mat& blue, const cv::Mat& celsius, const Params& params);

}  // namespace lynceus::pipes::seed
