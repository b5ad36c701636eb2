#include "plugins/targets/clutter.h"

#include <opencv2/imgproc.hpp>

namespace lynceus::targets {
namespace {

constexpr double kKeep = 0.95, kKeepLost = 0.99;  // of it, a frame
constexpr double kMoreThan = 1.4;                 // times what was there
constexpr int kMargin_px = 4;                     // around the target that is not clutter

}  // namespace

double height_around(const cv::Mat& residual, cv::Point2d at) {
  const cv::Rect where = cv::Rect(cvFloor(at.x) - 2, cvFloor(at.y) - 2, 5, 5) & cv::Rect({0, 0}, residual.size());
  double most = 0;
  if (!where.empty()) cv::minMaxLoc(residual(where), nullptr, &most);
  return most;
}

void Clutter::add(const cv::Mat& residual, const cv::Rect2d& target) {
  if (memory_.size() != residual.size()) memory_ = cv::Mat::zeros(residual.size(), CV_8UC1);
  memory_.convertTo(memory_, CV_8U, kKeep);
  const cv::Rect own =
      (cv::Rect(target) + cv::Point(-kMargin_px, -kMargin_px) + cv::Size(2 * kMargin_px, 2 * kMargin_px)) &
      cv::Rect({0, 0}, residual.size());
  const cv::Mat before = own.empty() ? cv::Mat() : memory_(own).clone();
  cv::max(memory_, residual, memory_);
  if (!own.empty()) before.copyTo(memory_(own));
}

void Clutter::fade() {
  if (!memory_.empty()) memory_.convertTo(memory_, CV_8U, kKeepLost);
}

bool Clutter::is_new(const cv::Mat& residual, cv::Point2d at) const {
  return memory_.size() != residual.size() || height_around(residual, at) > kMoreThan * height_around(memory_, at);
}

}  // namespace lynceus::targets
