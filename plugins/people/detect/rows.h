// Reading outputs of networks row by row, never beyond their end. Thread: any.
#pragma once

#include <cmath>
#include <opencv2/core.hpp>
#include <span>
#include <stdexcept>
#include <string>

#include "plugins/people/detection.h"

namespace lynceus::people {

[[noreturn]] inline void not_of(const char* family) {
  throw std::runtime_error(std::string("the model's outputs are not those of ") + family);
}

/// A tensor whose leading dimensions are 1 as rows × columns. Throws for other shapes and types.
inline cv::Mat rows_of(const cv::Mat& tensor, const char* family) {
  if (tensor.type() != CV_32F || !tensor.isContinuous() || tensor.dims < 2) not_of(family);
  for (int i = 0; i < tensor.dims - 2; ++i) {
    if (tensor.size[i] != 1) not_of(family);
  }
  const int rows = tensor.size[tensor.dims - 2], columns = tensor.size[tensor.dims - 1];
  if (rows < 1 || columns < 1) not_of(family);
  return {rows, columns, CV_32F, const_cast<float*>(tensor.ptr<float>())};
}

inline std::span<const float> row(const cv::Mat& rows, int y) {
  return {rows.ptr<float>(y), static_cast<std::size_t>(rows.cols)};
}

/// Whether no class is likelier than the first.
inline bool first_is_best(std::span<const float> classes) {
  for (const float other : classes.subspan(1)) {
    if (other > classes[0]) return false;
  }
  return true;
}

/// False where a number of the box is not finite or it has no area.
inline bool sound(const cv::Rect2d& box) {
  return std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) && std::isfinite(box.height) &&
         box.width > 0 && box.height > 0;
}

inline cv::Rect2d around(double x, double y, double w, double h) { return {x - w / 2, y - h / 2, w, h}; }

}  // namespace lynceus::people
