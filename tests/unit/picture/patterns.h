// Pictures to compare with, and words for what decode() says.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <span>
#include <string>

#include "base/error.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::test {

/// Smooth, different in every channel, not symmetric in any direction.
inline cv::Mat pattern(int width, int height, int type) {
  cv::Mat out(height, width, type);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int v = 3 * x + 7 * y;
      if (type == CV_8UC1) out.at<uchar>(y, x) = static_cast<uchar>(v);
      if (type == CV_16UC1) out.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(v * 257 + x);
      if (type == CV_8UC3) {
        out.at<cv::Vec3b>(y, x) = {static_cast<uchar>(v), static_cast<uchar>(x * 2), static_cast<uchar>(200 - y)};
      }
    }
  }
  return out;
}

inline bool equal(const cv::Mat& a, const cv::Mat& b) {
  if (a.type() != b.type() || a.size() != b.size()) return false;
  for (int y = 0; y < a.rows; ++y) {
    if (!std::equal(a.ptr(y), a.ptr(y) + static_cast<std::size_t>(a.cols) * a.elemSize(), b.ptr(y))) return false;
  }
  return true;
}

/// The line of the error, or nothing when it decodes.
inline std::string refusal(std::span<const std::byte> bytes, const picture::Limits& limits = {}) {
  try {
    picture::decode(bytes, "x", limits);
  } catch (const Error& error) {
    return error.exit() == Exit::unreadable ? error.what() : "wrong exit code";
  }
  return {};
}

inline std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

}  // namespace lynceus::test
