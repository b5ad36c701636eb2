#include "plugins/people/detect/suppress.h"

#include <algorithm>
#include <cstddef>

namespace lynceus::people {
namespace {

constexpr std::size_t kMostBoxes = 1000;  // bounds the work that a wild network can ask for

}  // namespace

double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double common = (a & b).area();
  const double whole = a.area() + b.area() - common;
  return whole > 0 ? common / whole : 0;
}

std::vector<Detection> suppress(std::vector<Detection> boxes, double iou) {
  std::stable_sort(boxes.begin(), boxes.end(), [](auto& a, auto& b) { return a.score > b.score; });
  if (boxes.size() > kMostBoxes) boxes.resize(kMostBoxes);
  std::vector<Detection> kept;
  for (const Detection& box : boxes) {
    const bool seen = std::any_of(kept.begin(), kept.end(), [&](auto& k) { return overlap(k.box, box.box) > iou; });
    if (!seen) kept.push_back(box);
  }
  return kept;
}

}  // namespace lynceus::people
