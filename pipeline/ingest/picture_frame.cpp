#include "pipeline/ingest/picture_frame.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "pipeline/ingest/stretch.h"

namespace lynceus::ingest {
namespace {

bool colourless(const cv::Mat& bgr) {
  constexpr int kNear = 3;
  int seen = 0, coloured = 0;
  const int step_x = std::max(1, bgr.cols / 64), step_y = std::max(1, bgr.rows / 36);
  for (int y = 0; y < bgr.rows; y += step_y) {
    for (int x = 0; x < bgr.cols; x += step_x) {
      const auto& pixel = bgr.at<cv::Vec3b>(y, x);
      ++seen;
      if (std::abs(pixel[0] - pixel[1]) > kNear || std::abs(pixel[1] - pixel[2]) > kNear) ++coloured;
    }
  }
  return coloured * 100 <= seen;
}

class PictureFrame final : public sdk::Frame {
 public:
  explicit PictureFrame(PictureFrameData data) : data_(std::move(data)) {
    if (data_.picture.empty() && data_.radiometric) data_.picture = stretched(data_.radiometric->raw);
  }

  const std::string& camera() const override { return data_.camera; }
  std::uint64_t sequence() const override { return data_.sequence; }
  MonoTime captured() const override { return data_.captured; }
  WallTime captured_wall() const override { return data_.captured_wall; }
  cv::Size size() const override { return data_.picture.size(); }
  const sdk::Radiometric* radiometric() const override { return data_.radiometric ? &*data_.radiometric : nullptr; }

  const cv::Mat& luma() const override {
    if (data_.picture.channels() == 1) return data_.picture;
    std::call_once(luma_once_, [this] { cv::cvtColor(data_.picture, luma_, cv::COLOR_BGR2GRAY); });
    return luma_;
  }
  const cv::Mat& bgr() const override {
    if (data_.picture.channels() == 3) return data_.picture;
    std::call_once(bgr_once_, [this] { cv::cvtColor(data_.picture, bgr_, cv::COLOR_GRAY2BGR); });
    return bgr_;
  }
  bool monochrome() const override {
    if (data_.picture.channels() == 1) return true;
    std::call_once(mono_once_, [this] { mono_ = colourless(data_.picture); });
    return mono_;
  }

 private:
  PictureFrameData data_;
  mutable std::once_flag luma_once_, bgr_once_, mono_once_;
  mutable cv::Mat luma_, bgr_;
  mutable bool mono_ = false;
};

}  // namespace

cv::Mat stretched(const cv::Mat& wide) {
  double least = 0, greatest = 0;
  cv::minMaxLoc(wide, &least, &greatest);
  const double scale = greatest > least ? 255 / (greatest - least) : 0;
  cv::Mat out;
  wide.convertTo(out, CV_8U, scale, -least * scale);
  return out;
}

sdk::FramePtr make_picture_frame(PictureFrameData data) { return std::make_shared<PictureFrame>(std::move(data)); }

}  // namespace lynceus::ingest
