// The pipe unrolled: temperatures along its axis (columns) and across it (rows), tilt and taper removed, and what is
// usual there: a straight line along, the same profile across. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "plugins/pipes/pipe_lines.h"

namespace lynceus::pipes {

class PipeStrip {
 public:
  static constexpr int kRows = 49;  ///< across; s = −1.5 … 1.5
  static constexpr double kReach = 1.5;

  /// `known` is 255 where `celsius` is a temperature.
  PipeStrip(const cv::Mat& celsius, const cv::Mat& known, const PipeLines& lines);

  int columns() const { return celsius_.cols; }
  double u_at(int column) const { return lines_.from + (column + 0.5) * step_; }
  double step_px() const { return step_; }
  static double s_at(int row) { return kReach * (2.0 * row / (kRows - 1) - 1); }
  const PipeLines& lines() const { return lines_; }

  /// Of the column's middle; what the surroundings are there.
  const std::vector<float>& core() const { return core_; }
  const std::vector<float>& wall() const { return wall_; }
  bool usable(int column) const { return usable_[static_cast<std::size_t>(column)] != 0; }

  /// The intact pipe's core, fitted.
  double usual_core(int column) const { return usual_.at(column); }
  double usual(int row, int column) const;
  /// Core temperatures scatter by this much from column to column, kelvin.
  double core_noise() const { return core_noise_; }
  /// Above usual, smoothed; 0 where nothing is known. Rows of |s| ≤ `kInside` count.
  const cv::Mat& excess() const { return excess_; }
  double excess_noise() const { return excess_noise_; }
  /// Of the intact pipe over its surroundings.
  double usual_excess() const { return usual_excess_; }
  float at(int row, int column) const { return celsius_.at<float>(row, column); }
  bool known(int row, int column) const { return known_.at<uchar>(row, column) != 0; }
  bool intact(int column) const { return intact_[static_cast<std::size_t>(column)] != 0; }

  /// How wide the warm part is, of what is usual (1).
  double width_share(int column) const;

  static constexpr double kInside = 0.88;

 private:
  void sample(const cv::Mat& celsius, const cv::Mat& known);
  void measure_columns();
  void fit_core();
  void learn_profile();
  void measure_reach();
  void measure_excess();

  PipeLines lines_;
  double step_ = 1;
  cv::Mat celsius_, known_, excess_;
  std::vector<float> core_, wall_;
  std::vector<char> usable_, intact_;
  std::vector<double> profile_;  ///< of each row, 0 at the wall … 1 in the middle
  EdgeLine usual_;
  double usual_reach_[2] = {1, 1};  ///< |s| at which the profile falls to one half, on either side
  double core_noise_ = 0, excess_noise_ = 0, usual_excess_ = 0;
};

}  // namespace lynceus::pipes
