#include "pipeline/camera/overlay.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace lynceus::camera {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr int kShift = 3;         // drawing in eighths of a pixel
constexpr double kFar = 1 << 20;  // drawing beyond would overflow OpenCV's fixed point
constexpr std::size_t kMostText = 200;

/// Line width and letters that can be read whether the picture is 320 or 3840 wide.
struct Pen {
  int width;
  double letters;
};

Pen pen_for(const cv::Mat& picture) {
  const double scale = std::max(0.5, std::min(picture.cols, picture.rows) / 720.0);
  return {std::max(1, int(std::lround(2 * scale))), std::max(0.35, 0.6 * scale)};
}

bool is_drawable(const cv::Point2d& p) { return std::abs(p.x) < kFar && std::abs(p.y) < kFar; }  // false for NaN

cv::Point eighths(const cv::Point2d& p) {
  return {int(std::lround(p.x * (1 << kShift))), int(std::lround(p.y * (1 << kShift)))};
}

/// Letters with a dark rim, moved inside when they would be cut off.
void draw_text(cv::Mat& picture, cv::Point2d at, const std::string& text, const cv::Scalar& colour, const Pen& pen) {
  if (text.empty() || !is_drawable(at)) return;
  const std::string shown = text.substr(0, kMostText);
  int below = 0;
  const cv::Size size = cv::getTextSize(shown, kFont, pen.letters, pen.width, &below);
  const int x = std::max(0, std::min(int(at.x), picture.cols - size.width));
  const int y = std::max(size.height, std::min(int(at.y), picture.rows - below));
  const int thin = std::max(1, pen.width / 2);
  cv::putText(picture, shown, {x, y}, kFont, pen.letters, cv::Scalar(0, 0, 0), thin + 2, cv::LINE_AA);
  cv::putText(picture, shown, {x, y}, kFont, pen.letters, colour, thin, cv::LINE_AA);
}

void draw_box(cv::Mat& picture, const sdk::Overlay::Box& box, const Pen& pen) {
  const cv::Point2d far = box.rect.br() - cv::Point2d(1, 1);
  if (!is_drawable(box.rect.tl()) || !is_drawable(far)) return;
  cv::rectangle(picture, eighths(box.rect.tl()), eighths(far), box.colour, pen.width, cv::LINE_AA, kShift);
  draw_text(picture, {box.rect.x, box.rect.y - 2 * pen.width}, box.text, box.colour, pen);
}

void draw_line(cv::Mat& picture, const sdk::Overlay::Polyline& line, const Pen& pen) {
  if (!std::all_of(line.points.begin(), line.points.end(), is_drawable) || line.points.size() < 2) return;
  std::vector<cv::Point> points;
  for (const cv::Point2d& p : line.points) points.push_back(eighths(p));
  cv::polylines(picture, points, line.closed, line.colour, pen.width, cv::LINE_AA, kShift);
}

}  // namespace

cv::Mat draw_overlay(const cv::Mat& bgr, std::span<const sdk::Overlay* const> overlays) {
  cv::Mat picture;
  if (bgr.channels() == 1) {
    cv::cvtColor(bgr, picture, cv::COLOR_GRAY2BGR);
  } else {
    picture = bgr.clone();
  }
  const Pen pen = pen_for(picture);
  for (const sdk::Overlay* overlay : overlays) {
    for (const auto& line : overlay->lines) draw_line(picture, line, pen);
    for (const auto& box : overlay->boxes) draw_box(picture, box, pen);
    for (const auto& text : overlay->texts) draw_text(picture, text.at, text.text, text.colour, pen);
  }
  return picture;
}

}  // namespace lynceus::camera
