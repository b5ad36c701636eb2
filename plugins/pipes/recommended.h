// The profile `recommended`: the pipe's own axis, robust statistics, all analyses always (docs/guide/pipes.md).
//
//   RecommendedJudge judge(params);
//   const Diagnosis found = judge.look(celsius, known, time_s, still);   // of a crop
// On a fixed camera the pipe's place is learned, and kept from then on. Thread: bound to the analyzer.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "plugins/pipes/diagnosis.h"
#include "plugins/pipes/pipe_finder.h"
#include "plugins/pipes/settings.h"

namespace lynceus::pipes {

class RecommendedJudge {
 public:
  explicit RecommendedJudge(const PipeParams& params) : params_(params) {}

  /// `known` is 255 where `celsius` (CV_32F) is a temperature.
  Diagnosis look(const cv::Mat& celsius, const cv::Mat& known, double time_s, bool still);
  /// The pipe is no longer where it was learned: the camera was moved.
  bool moved() const { return moved_looks_ >= kMovedLooks; }
  /// The pipe's excess over its surroundings at the last look.
  std::optional<double> excess_kelvin() const { return excess_; }
  void forget() { learned_.reset(), candidates_.clear(), moved_looks_ = 0; }

 private:
  static constexpr int kMovedLooks = 5;

  std::optional<PipeLines> place(const cv::Mat& celsius, double time_s, bool still, Diagnosis& out);
  void learn(const PipeLines& lines, double time_s);

  PipeParams params_;
  std::optional<PipeLines> learned_;
  std::vector<PipeLines> candidates_;
  double learning_since_ = 0;
  int moved_looks_ = 0, looks_ = 0;
  std::optional<double> excess_;
  cv::Size size_;
};

}  // namespace lynceus::pipes
