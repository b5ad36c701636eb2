#include "plugins/people/detect/tiled_detector.h"

#include <algorithm>
#include <cmath>

#include "plugins/people/detect/suppress.h"

namespace lynceus::people {
namespace {

constexpr double kLarge = 1.5;       // inputs
constexpr double kTileInputs = 1.0;  // a tile's pixels on about as many of the input
constexpr double kOverlap = 0.2;
constexpr int kMostTiles = 8;
constexpr double kInside = 0.85;  // of the smaller box
constexpr double kMargin = 0.01;  // of a tile's side

/// Starts of `count` windows of `length` that cover `whole`.
int start_of(int i, int count, int length, int whole) {
  return count == 1 ? 0 : int(std::lround(double(whole - length) * i / (count - 1)));
}

double inside(const cv::Rect2d& small, const cv::Rect2d& large) {
  return small.area() > 0 ? (small & large).area() / small.area() : 0;
}

}  // namespace

std::vector<cv::Rect> far_tiles(cv::Size frame, cv::Size seen) {
  if (std::max(frame.width, frame.height) <= kLarge * std::max(seen.width, seen.height)) return {};
  const int height = frame.height / 2;
  const int wanted = std::min(frame.width, std::max(int(seen.width * kTileInputs), height));
  const int count =
      std::clamp(int(std::ceil((frame.width - wanted * kOverlap) / (wanted * (1 - kOverlap)))), 1, kMostTiles);
  const int width = std::min(frame.width, std::max(wanted, int(frame.width / (1 + (count - 1) * (1 - kOverlap))) + 1));
  std::vector<cv::Rect> tiles;
  for (int i = 0; i < count; ++i) tiles.emplace_back(start_of(i, count, width, frame.width), 0, width, height);
  return tiles;
}

bool cut_off(const cv::Rect2d& box, const cv::Rect& window, cv::Size frame, double margin) {
  const cv::Rect2d w(window);
  return (window.x > 0 && box.x <= w.x + margin) || (window.y > 0 && box.y <= w.y + margin) ||
         (window.x + window.width < frame.width && box.x + box.width >= w.x + w.width - margin) ||
         (window.y + window.height < frame.height && box.y + box.height >= w.y + w.height - margin);
}

std::vector<Detection> merge_looks(std::vector<Detection> boxes, double iou) {
  std::vector<Detection> kept;
  for (const Detection& box : suppress(std::move(boxes), iou)) {
    // A better box inside this one is the person; a worse one inside a better is a part of them.
    const bool same = std::any_of(kept.begin(), kept.end(), [&](const Detection& k) {
      const bool alike = std::min(k.box.area(), box.box.area()) > 0.4 * std::max(k.box.area(), box.box.area());
      return alike && std::max(inside(box.box, k.box), inside(k.box, box.box)) > kInside;
    });
    if (!same) kept.push_back(box);
  }
  return kept;
}

cv::Size TiledDetector::seen(cv::Size frame) const {
  const cv::Size once = inner_->seen(frame);
  return far_tiles(frame, once).empty() ? once : once * 2;
}

std::vector<Detection> TiledDetector::detect(const sdk::PictureRef& picture) {
  std::vector<Detection> boxes = inner_->detect(picture);
  const auto tiles = far_tiles(picture.size(), inner_->seen(picture.size()));
  for (const cv::Rect& tile : tiles) {
    for (Detection found : inner_->detect(picture(tile))) {
      found.box += cv::Point2d(tile.tl());
      if (!cut_off(found.box, tile, picture.size(), kMargin * tile.height)) boxes.push_back(found);
    }
  }
  return tiles.empty() ? boxes : merge_looks(std::move(boxes), nms_);
}

}  // namespace lynceus::people
