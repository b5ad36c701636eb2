#include "daemon/evidence/snapshot.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "daemon/live/draw.h"
#include "pipeline/camera/overlay.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::daemon {
namespace {

constexpr int kQuality = 85;
constexpr int kSquares = 8;       // across the shorter side of a blurred part
constexpr double kMargin = 0.15;  // of a person's box, since boxes are never exact
constexpr std::string_view kPeople = "people";

cv::Rect pixels_of(const cv::Rect2d& box, cv::Size size) {
  const double wider = box.width * kMargin, higher = box.height * kMargin;
  const auto inside = [](double value, int most) { return static_cast<int>(std::clamp(value, 0.0, double(most))); };
  const int left = inside(box.x - wider, size.width), top = inside(box.y - higher, size.height);
  const int right = inside(box.x + box.width + wider + 1, size.width);
  const int bottom = inside(box.y + box.height + higher + 1, size.height);
  return {left, top, right - left, bottom - top};
}

}  // namespace

std::vector<cv::Rect> private_parts(const CameraSnapshot& live) {
  const cv::Size size = live.frame->size();
  std::vector<cv::Rect> parts;
  bool told = false;
  for (const PluginWord& word : live.plugins) {
    // Of an older frame they are where people were, not where they are.
    told = told || (word.plugin == kPeople && word.sequence == live.frame->sequence());
    for (const sdk::Entity& entity : word.observations->entities) {
      if (entity.label == "person") parts.push_back(pixels_of(entity.box, size));
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

std::vector<std::byte> snapshot_of(const CameraSnapshot& live, const std::vector<sdk::Polygon>& privacy_masks,
                                   bool blurred) {
  cv::Mat picture = picture_raw(live, privacy_masks);
  if (blurred) {
    picture = picture.clone();
    for (const cv::Rect& part : private_parts(live)) blur(picture, part);
  }
  std::vector<const sdk::Overlay*> overlays;
  for (const PluginWord& word : live.plugins) overlays.push_back(&word.observations->overlay);
  return picture::encode_jpeg(camera::draw_overlay(picture, overlays), kQuality);
}

}  // namespace lynceus::daemon
