// A frame out of one grey picture, and the Input around it, for tests of analyzers without a camera.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plugins/sdk/input.h"

namespace lynceus::test {

class TestFrame final : public sdk::Frame {
 public:
  explicit TestFrame(cv::Mat luma, double time_s = 0, std::uint64_t sequence = 0)
      : luma_(std::move(luma)), bgr_(luma_.size(), CV_8UC3, cv::Scalar::all(0)), time_s_(time_s), sequence_(sequence) {}

  const std::string& camera() const override { return camera_; }
  std::uint64_t sequence() const override { return sequence_; }
  std::chrono::steady_clock::time_point captured() const override {
    return std::chrono::steady_clock::time_point{} +
           std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(time_s_));
  }
  std::chrono::system_clock::time_point captured_wall() const override { return {}; }
  cv::Size size() const override { return luma_.size(); }
  const cv::Mat& luma() const override { return luma_; }
  const cv::Mat& bgr() const override { return bgr_; }
  const sdk::Radiometric* radiometric() const override { return nullptr; }
  bool monochrome() const override { return true; }

 private:
  const std::string camera_ = "cam";
  const cv::Mat luma_, bgr_;
  const double time_s_;
  const std::uint64_t sequence_;
};

/// Keeps alive what an Input refers to.
struct TestInput {
  explicit TestInput(cv::Mat luma, double time_s = 0) : frame(std::move(luma), time_s) {
    const cv::Size size(160, std::max(1, 160 * frame.size().height / frame.size().width));
    cv::resize(frame.luma(), shrunk, size, 0, 0, cv::INTER_AREA);
    motion = cv::Mat::zeros(size, CV_8UC1);
  }
  sdk::Input input() const {
    return {frame, shrunk, motion, {}, light, discontinuity, facts, wanted, still, take_reference};
  }

  TestFrame frame;
  cv::Mat shrunk, motion;
  sdk::Light light = sdk::Light::day;
  bool discontinuity = false, still = false, take_reference = false;
  sdk::Facts facts;
  std::vector<std::string> wanted;
};

}  // namespace lynceus::test
