#include "plugins/scene/vote.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace lynceus::scene {
namespace {

constexpr double kShare = 1.0 / 3;
constexpr double kOftenEnough = 2;
constexpr double kFarOff = 0.25;

cv::Mat on_grid(const cv::Mat& picture) {
  cv::Mat out;
  const bool shrinks = picture.cols > kGrid.width && picture.rows > kGrid.height;
  cv::resize(picture, out, kGrid, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

/// voted += weight · (now − voted), a weight a pixel.
void blend(cv::Mat& voted, const cv::Mat& now, const cv::Mat& weight) {
  if (voted.empty()) voted = cv::Mat::zeros(now.size(), now.type());
  cv::Mat step = now - voted;
  if (step.channels() == 1) {
    step = step.mul(weight);
  } else {
    cv::Mat wide;
    cv::merge(std::vector<cv::Mat>(static_cast<std::size_t>(step.channels()), weight), wide);
    step = step.mul(wide);
  }
  voted += step;
}

}  // namespace

void Vote::add(const Maps& four, const Maps& shown, const cv::Mat& bgr, const cv::Mat& hidden) {
  if (counts_.empty()) counts_ = cv::Mat::zeros(kGrid, CV_32F);
  cv::Mat seen = hidden == 0, weight;
  cv::add(counts_, 1, counts_, seen);
  cv::divide(1.0, cv::max(counts_, 1), weight);
  weight = cv::max(weight, kShare);
  weight.setTo(0, ~seen);

  room_.maps.resize(four.size());
  cv::Mat far = cv::Mat::zeros(kGrid, CV_32F);
  for (std::size_t i = 0; i < four.size(); ++i) {
    const cv::Mat now = on_grid(four[i]);
    if (looks_ > 0) far += cv::abs(now - room_.maps[i]) * 0.5;
    blend(room_.maps[i], now, weight);
  }
  cv::blur(far, far, {9, 9});  // single cells are the network's doubts
  surprise_ = double(cv::countNonZero((far > kFarOff) & seen)) / kGrid.area();
  shown_.resize(shown.size());
  if (shown.size() == four.size()) {
    shown_ = room_.maps;
  } else {
    for (std::size_t i = 0; i < shown.size(); ++i) blend(shown_[i], on_grid(shown[i]), weight);
  }
  cv::Mat picture;
  on_grid(bgr).convertTo(picture, CV_32FC3);
  blend(room_.picture, picture, weight);
  room_.known = counts_ >= kOftenEnough;
  ++looks_;
}

}  // namespace lynceus::scene
