#include "plugins/people/detect/page.h"

#include <algorithm>
#include <cmath>

namespace lynceus::people {
namespace {

constexpr int kCell = 32;  // the coarsest stride
constexpr double kOverArea = 1.05;

}  // namespace

Page::Page(cv::Size frame, cv::Size input, Fit fit) : frame_(frame), input_(input), seen_(seen_on(frame, input, fit)) {
  x_ = double(input.width) / frame.width;
  y_ = double(input.height) / frame.height;
  if (fit == Fit::letterbox) x_ = y_ = std::min(x_, y_);
}

void Page::draw(const sdk::PictureRef& picture, const Pixels& pixels, cv::Mat& tensor) const {
  if (seen_ != input_) sdk::fill_input(tensor, kGrey, pixels);
  sdk::draw_input(picture, {{0, 0}, seen_}, pixels, tensor);
}

cv::Rect2d Page::back(const cv::Rect2d& box) const {
  const cv::Rect2d whole(box.x / x_, box.y / y_, box.width / x_, box.height / y_);
  return whole & cv::Rect2d(0, 0, frame_.width, frame_.height);
}

cv::Size seen_on(cv::Size frame, cv::Size input, Fit fit) {
  if (fit == Fit::stretch || frame.empty()) return input;
  const double scale = std::min(double(input.width) / frame.width, double(input.height) / frame.height);
  return {std::clamp(int(std::lround(frame.width * scale)), 1, input.width),
          std::clamp(int(std::lround(frame.height * scale)), 1, input.height)};
}

cv::Size shaped_input(cv::Size frame, int side) {
  const double most = kOverArea * side * side;
  cv::Size best(side, side);
  double widest = 0;
  for (int w = kCell; w <= 2 * side; w += kCell) {
    const int h = std::min(int(most / w) / kCell * kCell, 2 * side);
    if (h < kCell) break;
    const double scale = std::min(double(w) / frame.width, double(h) / frame.height);
    if (scale <= widest) continue;
    widest = scale;
    best = {w, h};
  }
  // Rows that would be grey alone cost time and say nothing.
  best.width = std::min(best.width, int(std::ceil(frame.width * widest / kCell)) * kCell);
  best.height = std::min(best.height, int(std::ceil(frame.height * widest / kCell)) * kCell);
  return best;
}

}  // namespace lynceus::people
