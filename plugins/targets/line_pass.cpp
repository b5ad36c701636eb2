#include "plugins/targets/line_pass.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "plugins/targets/row_kernels.h"

namespace lynceus::targets {
namespace {

constexpr int kLineBytes = 64;  // rows begin on a line of the cache

/// Rings of their own for the runs that a line has.
template <class Rings>
void add_rings(const LineRuns& line, Rings& rings, int& count) {
  for (const Run& run : line.runs) {
    if (run.length == 2 && rings.of[2] < 0) rings.of[2] = count++;
    if (run.length == 3 && rings.of[3] < 0) rings.of[3] = count++;
  }
}

}  // namespace

template <class T>
LinePass<T>::LinePass(const std::vector<std::vector<cv::Point>>& lines) : count_(1) {
  for (const auto& points : lines) {
    const LineRuns line = runs_of(points);
    const auto known =
        std::find_if(sources_.begin(), sources_.end(), [&](const Rings& rings) { return rings.step == line.step; });
    const auto source = std::size_t(known - sources_.begin());
    if (known == sources_.end()) sources_.push_back({line.step, {-1, 0, -1, -1}});
    add_rings(line, sources_[source], count_);
    lines_.push_back({line, source, {line.step, {}}});
  }
  source_rings_ = count_;
  for (Line& line : lines_) {
    line.eroded.of = {-1, count_++, -1, -1};
    add_rings(line.line, line.eroded, count_);
  }
}

template <class T>
void LinePass<T>::prepare(int width) {
  constexpr int kStep = kLineBytes / int(sizeof(T));
  if (width != width_) {
    rings_.create(count_ * kRing, (width + 2 * kPad + kStep - 1) / kStep * kStep, cv::DataType<T>::type);
    width_ = width;
    write_addresses();
  }
  rings_.rowRange(0, source_rings_ * kRing).setTo(cv::Scalar::all(std::numeric_limits<T>::max()));
  rings_.rowRange(source_rings_ * kRing, rings_.rows).setTo(0);
}

/// A line is its own mirror image: the same points serve the dilation.
template <class T>
void LinePass<T>::write_addresses() {
  to_erode_.assign(lines_.size(), {});
  to_dilate_ = {};
  for (std::size_t y = 0; y < kRing; ++y) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const Line& line = lines_[i];
      for (const Run& run : line.line.runs) {
        const auto length = std::size_t(run.length);
        to_erode_[i][y].push_back(row(sources_[line.source].of[length], int(y) + run.last.y) + run.last.x);
        to_dilate_[y].push_back(row(line.eroded.of[length], int(y) + run.last.y) + run.last.x);
      }
    }
  }
}

template <class T>
void LinePass<T>::add_runs(const Rings& rings, int y, bool least) {
  if (rings.of[2] < 0 && rings.of[3] < 0) return;
  const auto& kernels = row_kernels<T>();
  const auto before = [&](int steps) {
    return row(rings.of[1], y - steps * rings.step.y) - steps * rings.step.x - kRunPad;
  };
  const auto out = [&](int ring) { return ring < 0 ? nullptr : row(ring, y) - kRunPad; };
  const T* const rows[] = {before(0), before(1), before(2)};
  (least ? kernels.least_runs : kernels.greatest_runs)(rows, out(rings.of[2]), out(rings.of[3]), width_ + 2 * kRunPad);
}

template <class T>
void LinePass<T>::take_row(const T* from, int y) {
  std::memcpy(row(0, y), from, std::size_t(width_) * sizeof(T));
  for (const Rings& rings : sources_) add_runs(rings, y, true);
}

/// Below the picture there is nothing: runs that reach down are as long as the picture lets them be.
template <class T>
void LinePass<T>::no_row(int y) {
  std::fill_n(row(0, y), width_, std::numeric_limits<T>::max());
  for (const Rings& rings : sources_) add_runs(rings, y, true);
}

template <class T>
void LinePass<T>::erode_row(int y) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto& at = to_erode_[i][std::size_t(y) % kRing];
    row_kernels<T>().least(at.data(), int(at.size()), row(lines_[i].eroded.of[1], y), width_);
    add_runs(lines_[i].eroded, y, false);
  }
}

template <class T>
void LinePass<T>::no_eroded_row(int y) {
  for (const Line& line : lines_) {
    std::fill_n(row(line.eroded.of[1], y), width_, T(0));
    add_runs(line.eroded, y, false);
  }
}

template <class T>
void LinePass<T>::run(const cv::Mat& picture, cv::Mat& residual) {
  prepare(picture.cols);
  for (int y = 0; y < picture.rows + 2 * kReach; ++y) {
    y < picture.rows ? take_row(picture.ptr<T>(y), y) : no_row(y);
    const int eroded = y - kReach, opened = eroded - kReach;
    if (eroded >= 0) eroded < picture.rows ? erode_row(eroded) : no_eroded_row(eroded);
    if (opened < 0) continue;
    const auto& at = to_dilate_[std::size_t(opened) % kRing];
    row_kernels<T>().above(picture.ptr<T>(opened), at.data(), int(at.size()), residual.ptr<T>(opened), picture.cols);
  }
}

template class LinePass<std::uint8_t>;
template class LinePass<std::uint16_t>;

}  // namespace lynceus::targets
