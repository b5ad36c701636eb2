#include "plugins/scene/outlines.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::scene {
namespace {

constexpr std::size_t kMost = 3, kMostCorners = 16;
constexpr double kLeastArea = 0.02;  // of the picture
constexpr double kRounded = 1000;    // thousandths are more than the network knows

/// Coarser until it has few corners.
std::vector<cv::Point> simplified(const std::vector<cv::Point>& contour) {
  std::vector<cv::Point> out;
  const double length = cv::arcLength(contour, true);
  for (double share = 0.01; share < 0.2; share *= 1.4) {
    cv::approxPolyDP(contour, out, share * length, true);
    if (out.size() <= kMostCorners) break;
  }
  return out;
}

sdk::Polygon shares_of(const std::vector<cv::Point>& corners, cv::Size size) {
  const auto share = [](int at, int extent) {  // the last pixel's far edge is the picture's
    return std::round(kRounded * (at >= extent - 1 ? 1.0 : at <= 0 ? 0.0 : (at + 0.5) / extent)) / kRounded;
  };
  sdk::Polygon out;
  for (const cv::Point& p : corners) out.emplace_back(share(p.x, size.width), share(p.y, size.height));
  return out;
}

}  // namespace

std::vector<sdk::Polygon> outlines(const cv::Mat& labels, Part part) {
  cv::Mat mask = labels == int(part);
  const auto element = cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5});
  cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, element);
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, element);
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  std::erase_if(contours, [&](const auto& c) { return cv::contourArea(c) < kLeastArea * labels.total(); });
  std::sort(contours.begin(), contours.end(),
            [](const auto& a, const auto& b) { return cv::contourArea(a) > cv::contourArea(b); });
  if (contours.size() > kMost) contours.resize(kMost);
  std::vector<sdk::Polygon> out;
  for (const auto& contour : contours) {
    const auto corners = simplified(contour);
    if (corners.size() >= 3) out.push_back(shares_of(corners, labels.size()));
  }
  return out;
}

}  // namespace lynceus::scene
