#include "plugins/people/detect/crop_plan.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace lynceus::people {
namespace {

constexpr int kCell = 32;
constexpr int kGap = 4;             // grey between parts, pixels of the page
constexpr double kMergeCost = 1.2;  // a union may be so much larger than what it replaces
constexpr int kLeastSide = 96;      // of a page: below, fixed costs rule

using Scale = cv::Point2d;  // pixels of the page per pixel of the frame, across and down

int up_to_cell(int length) { return (length + kCell - 1) / kCell * kCell; }

/// Shelves from the top, parts in order of height. False when one does not fit.
bool shelve(std::span<const cv::Rect> parts, Scale scale, cv::Size page, std::vector<Crop>& crops, int& used) {
  crops.clear();
  int x = 0, y = 0, shelf = 0;
  for (const cv::Rect& part : parts) {
    const cv::Size size(std::max(1, int(std::lround(part.width * scale.x))),
                        std::max(1, int(std::lround(part.height * scale.y))));
    if (x > 0 && x + size.width > page.width) {
      x = 0;
      y += shelf + kGap;
      shelf = 0;
    }
    if (size.width > page.width || y + size.height > page.height) return false;
    crops.push_back({part, {x, y, size.width, size.height}});
    x += size.width + kGap;
    shelf = std::max(shelf, size.height);
  }
  used = y + shelf;
  return true;
}

/// Few widths, so that the network need not be laid out anew for every look.
CropPlan smallest_page(std::span<const cv::Rect> parts, Scale scale, cv::Size seen, double worth) {
  CropPlan best;
  double least = worth * seen.area();
  std::vector<Crop> crops;
  for (const int across : {1, 2}) {
    const int width = std::max(kLeastSide, up_to_cell(seen.width / across));
    int used = 0;
    if (!shelve(parts, scale, {width, 2 * seen.height}, crops, used)) continue;
    const cv::Size page(width, std::max(kLeastSide, up_to_cell(used)));
    if (page.area() > least) continue;
    least = page.area() - 1;
    best = {page, crops};
  }
  return best;
}

/// What is saved by looking at parts alone is spent on showing them larger, if it suffices.
CropPlan clearest_page(std::span<const cv::Rect> parts, Scale scale, cv::Size seen, double worth) {
  for (const double larger : {2.0, 1.6, 1.3, 1.0}) {
    const Scale tried = scale * larger;
    if (larger > 1 && (tried.x > 1 || tried.y > 1)) continue;
    CropPlan plan = smallest_page(parts, tried, seen, worth);
    if (!plan.page.empty()) return plan;
  }
  return {};
}

CropPlan fixed_page(std::span<const cv::Rect> parts, Scale scale, cv::Size page) {
  CropPlan best;
  std::vector<Crop> crops;
  int used = 0;
  for (; scale.x <= 1 && scale.y <= 1 && shelve(parts, scale, page, crops, used); scale *= 1.1) best = {page, crops};
  return best;
}

}  // namespace

std::vector<cv::Rect> merged(std::vector<cv::Rect> parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      const cv::Rect both = parts[i] | parts[j];
      const int apart = parts[i].area() + parts[j].area() - (parts[i] & parts[j]).area();
      if ((parts[i] & parts[j]).empty() || both.area() > kMergeCost * apart) continue;
      parts[i] = both;
      parts.erase(parts.begin() + std::ptrdiff_t(j));
      j = i;  // the larger one may reach others now
    }
  }
  return parts;
}

CropPlan plan_crops(std::span<const cv::Rect> wanted, cv::Size frame, cv::Size seen, cv::Size page, double worth) {
  if (frame.empty() || wanted.empty()) return {};
  std::vector<cv::Rect> parts;
  for (const cv::Rect& part : wanted) {
    const cv::Rect inside = part & cv::Rect({0, 0}, frame);
    if (!inside.empty()) parts.push_back(inside);
  }
  if (parts.empty()) return {};
  parts = merged(std::move(parts));
  std::stable_sort(parts.begin(), parts.end(), [](auto& a, auto& b) { return a.height > b.height; });
  const Scale scale(std::min(1.0, double(seen.width) / frame.width), std::min(1.0, double(seen.height) / frame.height));
  return page.empty() ? clearest_page(parts, scale, seen, worth) : fixed_page(parts, scale, page);
}

cv::Mat page_of(const cv::Mat& bgr, const CropPlan& plan) {
  cv::Mat page(plan.page, CV_8UC3, cv::Scalar::all(114));
  for (const Crop& crop : plan.crops) {
    const bool shrinks = crop.at.width * 2 <= crop.part.width;
    cv::resize(bgr(crop.part), page(crop.at), crop.at.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  }
  return page;
}

}  // namespace lynceus::people
