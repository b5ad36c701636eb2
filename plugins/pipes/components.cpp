#include "plugins/pipes/components.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace lynceus::pipes {
namespace {

/// The first x from `x` on whose byte is set, or is not; `cols` when there is none. Eight bytes at a time.
int next_set(const uchar* row, int x, int cols) {
  while (x + 8 <= cols) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, row + x, sizeof eight);
    if (eight != 0) break;
    x += 8;
  }
  while (x < cols && row[x] == 0) ++x;
  return x;
}

int next_clear(const uchar* row, int x, int cols) {
  while (x + 8 <= cols) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, row + x, sizeof eight);
    if (eight != ~std::uint64_t{0}) break;
    x += 8;
  }
  while (x < cols && row[x] != 0) ++x;
  return x;
}

}  // namespace

Components::Components(const cv::Mat& mask) {
  CV_Assert(mask.type() == CV_8UC1);
  find_runs(mask);
  join_rows();
  std::vector<int> part_of(runs_.size(), -1);
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const Run run = runs_[i];
    const int root = root_of(static_cast<int>(i));
    int& number = part_of[static_cast<std::size_t>(root)];
    const cv::Rect own(run.from, run.y, run.to - run.from, 1);
    if (number < 0) {
      number = static_cast<int>(parts_.size());
      parts_.push_back({0, own, 0, root});
    }
    Part& part = parts_[static_cast<std::size_t>(number)];
    part.area += own.width;
    part.centre_x += own.width * (run.from + run.to - 1) / 2.0;
    part.box |= own;
    runs_[i].parent = root;
  }
  for (Part& part : parts_) part.centre_x /= part.area;
}

void Components::find_runs(const cv::Mat& mask) {
  first_of_row_.reserve(static_cast<std::size_t>(mask.rows) + 1);
  for (int y = 0; y < mask.rows; ++y) {
    first_of_row_.push_back(static_cast<int>(runs_.size()));
    const auto* row = mask.ptr<uchar>(y);
    for (int x = next_set(row, 0, mask.cols); x < mask.cols;) {
      const int to = next_clear(row, x, mask.cols);
      runs_.push_back({y, x, to, static_cast<int>(runs_.size())});
      x = next_set(row, to, mask.cols);
    }
  }
  first_of_row_.push_back(static_cast<int>(runs_.size()));
}

int Components::root_of(int run) {
  const auto parent = [&](int i) -> int& { return runs_[static_cast<std::size_t>(i)].parent; };
  while (parent(run) != run) run = parent(run) = parent(parent(run));
  return run;
}

/// Runs of neighbouring rows touch when they overlap or meet at a corner; the older run is the root.
void Components::join_rows() {
  for (std::size_t y = 1; y + 1 < first_of_row_.size(); ++y) {
    int above = first_of_row_[y - 1];
    const int above_end = first_of_row_[y], end = first_of_row_[y + 1];
    for (int i = above_end; i < end; ++i) {
      const Run run = runs_[static_cast<std::size_t>(i)];
      while (above < above_end && runs_[static_cast<std::size_t>(above)].to < run.from) ++above;
      for (int j = above; j < above_end && runs_[static_cast<std::size_t>(j)].from <= run.to; ++j) {
        const int a = root_of(j), b = root_of(i);
        runs_[static_cast<std::size_t>(std::max(a, b))].parent = std::min(a, b);
      }
    }
  }
}

cv::Mat Components::mask_of(const Part& part) const {
  cv::Mat out = cv::Mat::zeros(part.box.size(), CV_8U);
  const auto first = static_cast<std::size_t>(first_of_row_[static_cast<std::size_t>(part.box.y)]);
  const auto end = static_cast<std::size_t>(first_of_row_[static_cast<std::size_t>(part.box.br().y)]);
  for (std::size_t i = first; i < end; ++i) {
    const Run& run = runs_[i];
    if (run.parent != part.root) continue;
    std::memset(out.ptr<uchar>(run.y - part.box.y) + run.from - part.box.x, 255,
                static_cast<std::size_t>(run.to - run.from));
  }
  return out;
}

}  // namespace lynceus::pipes
