#include "plugins/people/detect/page.h"

#include <algorithm>
#include <cmath>
#include <opencv2/dnn/dnn.hpp>
#include <opencv2/imgproc.hpp>

namespace lynceus::people {
namespace {

constexpr int kCell = 32;  // the coarsest stride
constexpr double kOverArea = 1.05;

cv::Mat fitted(const cv::Mat& bgr, cv::Size size) {
  if (bgr.size() == size) return bgr;
  const bool shrinks = size.width < bgr.cols || size.height < bgr.rows;
  // Half the size and less: a bilinear sample would pass over pixels, and thin limbs with them.
  const bool far = size.width * 2 <= bgr.cols && size.height * 2 <= bgr.rows;
  cv::Mat out;
  cv::resize(bgr, out, size, 0, 0, shrinks && far ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

}  // namespace

Page::Page(const cv::Mat& bgr, cv::Size input, Fit fit) : frame_(bgr.size()) {
  x_ = double(input.width) / bgr.cols;
  y_ = double(input.height) / bgr.rows;
  if (fit == Fit::stretch) {
    picture_ = fitted(bgr, input);
    return;
  }
  x_ = y_ = std::min(x_, y_);
  const cv::Size size = seen_on(frame_, input, fit);
  if (size == input) {
    picture_ = fitted(bgr, size);
    return;
  }
  picture_ = cv::Mat(input, CV_8UC3, cv::Scalar::all(114));
  fitted(bgr, size).copyTo(picture_({0, 0, size.width, size.height}));
}

cv::Mat Page::tensor(const Pixels& pixels) const {
  const cv::Scalar mean = pixels.rgb ? cv::Scalar(pixels.mean[2], pixels.mean[1], pixels.mean[0]) : pixels.mean;
  const bool alike = pixels.scale[0] == pixels.scale[1] && pixels.scale[1] == pixels.scale[2];
  cv::Mat blob = cv::dnn::blobFromImage(picture_, alike ? pixels.scale[0] : 1.0, {}, mean, pixels.rgb);
  if (alike) return blob;
  for (int c = 0; c < 3; ++c) {
    cv::Mat plane(picture_.size(), CV_32F, blob.ptr<float>(0, c));
    plane *= pixels.scale[pixels.rgb ? 2 - c : c];
  }
  return blob;
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
