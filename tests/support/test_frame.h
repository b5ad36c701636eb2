// A frame with nothing behind it: tests set what it says.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "plugins/sdk/frame.h"

namespace lynceus::test {

class TestFrame final : public sdk::Frame {
 public:
  std::string id = "test";
  std::uint64_t number = 0;
  MonoTime captured_at{};
  WallTime wall_at{};
  cv::Mat picture = cv::Mat(90, 160, CV_8UC1, cv::Scalar(100));  ///< CV_8UC1
  cv::Mat colour;                                                ///< CV_8UC3; empty: the picture three times
  std::optional<sdk::Radiometric> temperatures;
  bool grey = false;

  const std::string& camera() const override { return id; }
  std::uint64_t sequence() const override { return number; }
  MonoTime captured() const override { return captured_at; }
  WallTime captured_wall() const override { return wall_at; }
  cv::Size size() const override { return picture.size(); }
  const cv::Mat& luma() const override { return picture; }
  const cv::Mat& bgr() const override {
    if (colour.empty()) {
      const cv::Mat planes[] = {picture, picture, picture};
      cv::merge(planes, 3, made_);
      return made_;
    }
    return colour;
  }
  const sdk::Radiometric* radiometric() const override { return temperatures ? &*temperatures : nullptr; }
  bool monochrome() const override { return grey; }

 private:
  mutable cv::Mat made_;  // tests use a frame from one thread
};

inline sdk::FramePtr test_frame(std::uint64_t number, MonoTime captured, cv::Mat picture = {}) {
  auto frame = std::make_shared<TestFrame>();
  frame->number = number;
  frame->captured_at = captured;
  if (!picture.empty()) frame->picture = std::move(picture);
  return frame;
}

}  // namespace lynceus::test
