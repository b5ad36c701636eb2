#include "pipeline/camera/regions.h"

#include <algorithm>
#include <cstdint>

namespace lynceus::camera {
namespace {

constexpr std::size_t kMostParts = 64;  // considered for merging
constexpr int kNear = 2;                // cells between parts of one thing

struct Part {
  cv::Rect box;
  int cells = 0;
};

/// A stretch of set cells in one row, and the part it belongs to.
struct Run {
  int y, from, to;  // to: one past
  int parent;
};

int root(std::vector<Run>& runs, int i) {
  while (runs[static_cast<std::size_t>(i)].parent != i) {
    Run& run = runs[static_cast<std::size_t>(i)];
    run.parent = runs[static_cast<std::size_t>(run.parent)].parent;
    i = run.parent;
  }
  return i;
}

void join(std::vector<Run>& runs, int a, int b) {
  a = root(runs, a);
  b = root(runs, b);
  runs[static_cast<std::size_t>(std::max(a, b))].parent = std::min(a, b);
}

void append_row(const cv::Mat& mask, int y, std::vector<Run>& runs) {
  const auto* row = mask.ptr<std::uint8_t>(y);
  const auto* end = row + mask.cols;
  for (const auto* at = row; at != end;) {
    at = std::find_if(at, end, [](std::uint8_t v) { return v != 0; });
    if (at == end) return;
    const auto* past = std::find(at, end, std::uint8_t{0});
    runs.push_back({y, int(at - row), int(past - row), int(runs.size())});
    at = past;
  }
}

/// Joins the runs of one row with those of the row above that touch them, corners included.
void connect(std::vector<Run>& runs, std::size_t above, std::size_t row) {
  for (std::size_t i = row, j = above; i < runs.size() && j < row;) {
    if (runs[j].from <= runs[i].to && runs[i].from <= runs[j].to) join(runs, int(i), int(j));
    if (runs[j].to < runs[i].to) {
      ++j;
    } else {
      ++i;
    }
  }
}

std::vector<Part> connected_parts(const cv::Mat& mask) {
  std::vector<Run> runs;
  std::size_t above = 0;
  for (int y = 0; y < mask.rows; ++y) {
    const std::size_t row = runs.size();
    append_row(mask, y, runs);
    connect(runs, above, row);
    above = row;
  }
  std::vector<Part> parts(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Part& part = parts[static_cast<std::size_t>(root(runs, int(i)))];
    part.box |= cv::Rect(runs[i].from, runs[i].y, runs[i].to - runs[i].from, 1);
    part.cells += runs[i].to - runs[i].from;
  }
  return parts;
}

bool near(const cv::Rect& a, const cv::Rect& b) {
  return a.x - kNear < b.x + b.width && b.x - kNear < a.x + a.width && a.y - kNear < b.y + b.height &&
         b.y - kNear < a.y + a.height;
}

/// Merges until no two parts are near; each merge makes the list shorter, so it ends.
void merge_near(std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      if (!near(parts[i].box, parts[j].box)) continue;
      parts[i].box |= parts[j].box;
      parts[i].cells += parts[j].cells;
      parts.erase(parts.begin() + std::ptrdiff_t(j));
      i = std::size_t(-1);  // start again: the grown part may now be near an earlier one
      break;
    }
  }
}

bool larger(const Part& a, const Part& b) { return a.cells > b.cells; }

}  // namespace

std::vector<cv::Rect> find_regions(const cv::Mat& mask, int least_cells) {
  std::vector<Part> parts = connected_parts(mask);
  std::erase_if(parts, [&](const Part& p) { return p.cells < std::max(1, least_cells / 4); });
  std::stable_sort(parts.begin(), parts.end(), larger);
  if (parts.size() > kMostParts) parts.resize(kMostParts);
  merge_near(parts);
  std::erase_if(parts, [&](const Part& p) { return p.cells < least_cells; });
  std::stable_sort(parts.begin(), parts.end(), larger);
  if (parts.size() > kMostRegions) parts.resize(kMostRegions);
  std::vector<cv::Rect> boxes;
  for (const Part& part : parts) boxes.push_back(part.box);
  return boxes;
}

}  // namespace lynceus::camera
