#include "plugins/targets/accumulator.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::targets {
namespace {

constexpr double kStill_px = 0.05;

cv::Mat moved(const cv::Mat& picture, cv::Point2d by) {
  if (std::hypot(by.x, by.y) < kStill_px) return picture;
  cv::Mat out;
  cv::warpAffine(picture, out, cv::Matx23d(1, 0, by.x, 0, 1, by.y), picture.size(), cv::INTER_LINEAR,
                 cv::BORDER_REPLICATE);
  return out;
}

}  // namespace

cv::Mat Accumulator::add(const cv::Mat& picture, cv::Point2d camera_shift) {
  if (!past_.empty() && past_.front().picture.size() != picture.size()) forget();
  for (Past& past : past_) past.moved += camera_shift;
  cv::Mat now, sum, out;
  picture.convertTo(now, CV_32F);
  past_.push_back({now, {}});
  if (past_.size() > most_) past_.pop_front();
  sum = now.clone();
  for (std::size_t i = 0; i + 1 < past_.size(); ++i) sum += moved(past_[i].picture, past_[i].moved);
  sum.convertTo(out, picture.depth(), 1.0 / double(past_.size()));
  return out;
}

}  // namespace lynceus::targets
