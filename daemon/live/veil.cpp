#include "daemon/live/veil.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string_view>

namespace lynceus::daemon {
namespace {

constexpr int kSquares = 8;       // across the shorter side of a blurred part
constexpr double kMargin = 0.15;  // of a person's box, since boxes are never exact
constexpr std::string_view kPeople = "people";
constexpr std::string_view kPerson = "person";

bool sane(const cv::Point2d& p) { return std::abs(p.x) <= 2 && std::abs(p.y) <= 2; }  // 0..1 of the picture

void black_out(cv::Mat& picture, const sdk::Polygon& mask) {
  std::vector<cv::Point> points;
  for (const auto& p : mask) {
    if (sane(p)) points.emplace_back(cvRound(p.x * picture.cols), cvRound(p.y * picture.rows));
  }
  if (points.size() >= 3) cv::fillPoly(picture, std::vector<std::vector<cv::Point>>{points}, cv::Scalar(0, 0, 0));
}

void hide_all(cv::Mat& picture, const Veil& veil) {
  if (!veil.masks.empty()) {
    picture.setTo(cv::Scalar::all(0));
  } else {
    blur(picture, cv::Rect({}, picture.size()));
  }
}

cv::Rect pixels_of(const cv::Rect2d& box, cv::Size size) {
  const double wider = box.width * kMargin, higher = box.height * kMargin;
  const auto inside = [](double value, int most) { return static_cast<int>(std::clamp(value, 0.0, double(most))); };
  const int left = inside(box.x - wider, size.width), top = inside(box.y - higher, size.height);
  const int right = inside(box.x + box.width + wider + 1, size.width);
  const int bottom = inside(box.y + box.height + higher + 1, size.height);
  return {left, top, right - left, bottom - top};
}

}  // namespace

Veil veil_of(const camera::CameraSettings& settings) {
  return {settings.privacy_masks, settings.privacy == camera::Privacy::blur};
}

FrameName name_of(const sdk::Frame& frame) { return {frame.sequence(), frame.captured_wall()}; }
FrameName name_of(const PluginWord& word) { return {word.sequence, word.at}; }

std::vector<cv::Rect> people_parts(const CameraSnapshot& live, const FrameName& frame) {
  const cv::Size size = live.frame->size();
  std::vector<cv::Rect> parts;
  bool told = false;
  for (const PluginWord& word : live.plugins) {
    // Of another frame they are where people were, not where they are.
    told = told || (word.plugin == kPeople && name_of(word) == frame);
    for (const sdk::Entity& entity : word.observations->entities) {
      if (entity.label == kPerson) parts.push_back(pixels_of(entity.box, size));
    }
  }
  if (!told) return {cv::Rect({}, size)};
  return parts;
}

void blur(cv::Mat& picture, const cv::Rect& part) {
  const cv::Rect inside = part & cv::Rect({}, picture.size());
  if (inside.empty()) return;
  cv::Mat target = picture(inside);
  const double scale = std::min(1.0, double(kSquares) / std::min(inside.width, inside.height));
  const cv::Size few(std::max(1, cvRound(inside.width * scale)), std::max(1, cvRound(inside.height * scale)));
  cv::Mat coarse;
  cv::resize(target, coarse, few, 0, 0, cv::INTER_AREA);
  cv::resize(coarse, target, inside.size(), 0, 0, cv::INTER_NEAREST);
}

void hide(cv::Mat& picture, const Veil& veil, const CameraSnapshot& live, const FrameName& frame) {
  if (veil.empty()) return;
  if (picture.size() != live.frame->size()) return hide_all(picture, veil);
  for (const sdk::Polygon& mask : veil.masks) black_out(picture, mask);  // first: none of it gets into a blurred part
  if (!veil.people) return;
  for (const cv::Rect& part : people_parts(live, frame)) blur(picture, part);
}

}  // namespace lynceus::daemon
