// One pass of the line filter over a picture, row by row: erosion and dilation by each line, greatest of all, what is left.
//
// The last rows of the picture, of each eroded picture and of their runs are kept in rings, so that all of it stays in the
// cache; which row is read where repeats with the ring and is written down once. Owner: LineFilter. Thread: bound to it.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "plugins/targets/line_runs.h"

namespace lynceus::targets {

template <class T>
class LinePass {
 public:
  /// No line reaches farther than 7 pixels.
  explicit LinePass(const std::vector<std::vector<cv::Point>>& lines);
  LinePass(const LinePass&) = delete;
  LinePass& operator=(const LinePass&) = delete;

  void run(const cv::Mat& picture, cv::Mat& residual);

 private:
  static constexpr int kRing = 16, kReach = 7;  // rows; a line needs 15
  static constexpr int kPad = 64;               // columns to each side
  static constexpr int kRunPad = 8;             // of them, those in which runs are needed

  /// Rings by the length of the run; 1: the rows themselves, −1: none needed.
  struct Rings {
    cv::Point step;
    std::array<int, kLongestRun + 1> of{-1, -1, -1, -1};
  };
  struct Line {
    LineRuns line;
    std::size_t source;  // its rings in sources_
    Rings eroded;
  };
  using Addresses = std::array<std::vector<const T*>, kRing>;  // by row, modulo the ring

  void prepare(int width);
  void write_addresses();
  void take_row(const T* from, int y);
  void no_row(int y);
  void erode_row(int y);
  void no_eroded_row(int y);
  void add_runs(const Rings& rings, int y, bool least);
  T* row(int ring, int y) { return rings_.ptr<T>(ring * kRing + (y & (kRing - 1))) + kPad; }

  std::vector<Rings> sources_;  // of the picture, one for each step
  std::vector<Line> lines_;
  int source_rings_ = 1, count_ = 0;
  cv::Mat rings_;
  std::vector<Addresses> to_erode_;  // of each line
  Addresses to_dilate_;              // of all lines
  int width_ = 0;
};

extern template class LinePass<std::uint8_t>;
extern template class LinePass<std::uint16_t>;

}  // namespace lynceus::targets
