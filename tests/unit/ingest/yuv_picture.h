// Pictures made from the exact matrices, as a stream would carry them, to be converted back.
#pragma once

#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/gst.h"
#include "pipeline/ingest/colour.h"

namespace lynceus::test {

struct Yuv {
  double y, u, v;  ///< levels, not rounded
};

/// BGR 0..255 to levels by the definition of the matrix.
inline Yuv yuv_of(const cv::Vec3b& bgr, const ingest::Colour& colour) {
  const double b = bgr[0] / 255.0, g = bgr[1] / 255.0, r = bgr[2] / 255.0;
  const double y = colour.kr * r + (1 - colour.kr - colour.kb) * g + colour.kb * b;
  const double u = (b - y) / (2 * (1 - colour.kb)), v = (r - y) / (2 * (1 - colour.kr));
  if (colour.full_range) return {255 * y, 128 + 255 * u, 128 + 255 * v};
  return {16 + 219 * y, 128 + 224 * u, 128 + 224 * v};
}

/// 64 patches over the colour cube, squares of this side (16 divides every chroma raster).
inline cv::Mat palette(int side = 16) {
  cv::Mat out(8 * side, 8 * side, CV_8UC3);
  int index = 0;
  for (const int b : {0, 85, 170, 255}) {
    for (const int g : {0, 85, 170, 255}) {
      for (const int r : {0, 85, 170, 255}) {
        out(cv::Rect((index % 8) * side, (index / 8) * side, side, side)).setTo(cv::Scalar(b, g, r));
        ++index;
      }
    }
  }
  return out;
}

/// A buffer of an 8- or 10-bit planar, semi-planar or packed YUV format carrying this picture.
inline gst::BufferPtr buffer_of(const cv::Mat& bgr, const GstVideoInfo& info, const ingest::Colour& colour) {
  gst::BufferPtr buffer(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  GstVideoFrame frame;
  if (!gst_video_frame_map(&frame, &info, buffer.get(), GST_MAP_WRITE)) return nullptr;
  const int depth = GST_VIDEO_FRAME_COMP_DEPTH(&frame, 0);
  for (guint part = 0; part < std::min(3U, GST_VIDEO_FRAME_N_COMPONENTS(&frame)); ++part) {
    auto* data = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame, part));
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, part); ++y) {
      for (int x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH(&frame, part); ++x) {
        const int at_x = x << GST_VIDEO_FORMAT_INFO_W_SUB(frame.info.finfo, part);
        const int at_y = y << GST_VIDEO_FORMAT_INFO_H_SUB(frame.info.finfo, part);
        const Yuv yuv = yuv_of(bgr.at<cv::Vec3b>(at_y, at_x), colour);
        const double level = part == 0 ? yuv.y : part == 1 ? yuv.u : yuv.v;
        auto* to = data + static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_COMP_STRIDE(&frame, part) +
                   static_cast<std::ptrdiff_t>(x) * GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, part);
        const auto value =
            static_cast<int>(std::clamp<long>(std::lround(level * (1 << (depth - 8))), 0, (1L << depth) - 1));
        to[0] = static_cast<std::uint8_t>(value);
        if (depth > 8) to[1] = static_cast<std::uint8_t>(value >> 8);
      }
    }
  }
  gst_video_frame_unmap(&frame);
  return buffer;
}

inline GstVideoInfo info_of(const std::string& caps_text) {
  GstVideoInfo info;
  const gst::CapsPtr caps(gst_caps_from_string(caps_text.c_str()));
  gst_video_info_init(&info);
  if (caps) gst_video_info_from_caps(&info, caps.get());
  return info;
}

/// The greatest difference of any channel, borders of patches left out by `margin_px`.
inline double worst_of(const cv::Mat& a, const cv::Mat& b, int margin_px = 0, int side = 16) {
  double worst = 0;
  for (int y = 0; y < a.rows; y += side) {
    for (int x = 0; x < a.cols; x += side) {
      const cv::Rect patch(x + margin_px, y + margin_px, side - 2 * margin_px, side - 2 * margin_px);
      worst = std::max(worst, cv::norm(a(patch), b(patch), cv::NORM_INF));
    }
  }
  return worst;
}

}  // namespace lynceus::test
