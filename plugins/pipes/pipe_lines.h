// Where a pipe lies: two nearly parallel edges along an axis, taper (perspective) included.
//
// Own coordinates: u along the axis, v across it; the edges are v = slope × u + offset. s = −1 … 1 runs from one edge
// to the other, whatever the taper. Thread: reentrant.
#pragma once

#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::pipes {

struct EdgeLine {
  double slope = 0, offset = 0;
  double at(double u) const { return slope * u + offset; }
};

struct PipeLines {
  cv::Point2d origin;
  double angle = 0;         ///< radians; of the u axis in the picture, −π/2 … π/2
  EdgeLine first, second;   ///< at lower and at higher v
  double from = 0, to = 0;  ///< of u

  cv::Point2d along() const { return {std::cos(angle), std::sin(angle)}; }
  cv::Point2d across() const { return {-std::sin(angle), std::cos(angle)}; }
  cv::Point2d point(double u, double v) const { return origin + u * along() + v * across(); }
  double centre(double u) const { return (first.at(u) + second.at(u)) / 2; }
  double half_width(double u) const { return (second.at(u) - first.at(u)) / 2; }
  double width() const { return 2 * half_width((from + to) / 2); }
  double length() const { return to - from; }
  std::vector<cv::Point2d> outline() const {
    return {point(from, first.at(from)), point(to, first.at(to)), point(to, second.at(to)),
            point(from, second.at(from))};
  }
  /// The same on a picture `factor` times as large.
  PipeLines scaled(double factor) const {
    PipeLines out = *this;
    out.origin *= factor;
    out.first.offset *= factor, out.second.offset *= factor;
    out.from *= factor, out.to *= factor;
    return out;
  }
};

}  // namespace lynceus::pipes
