#include "plugins/context/fusion.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/context/fusion_kernels.h"
#include "plugins/context/poisson.h"

namespace lynceus::context {
namespace {

cv::Size half_of(cv::Size size) { return {(size.width + 1) / 2, (size.height + 1) / 2}; }

cv::Rect half_of(const cv::Rect& rect) { return {{rect.x / 2, rect.y / 2}, half_of(rect.size())}; }

/// Of an axis that lost half its pixels: where its length is odd now, ends that differ are not possible.
Ends possible(Ends ends, int length) {
  const bool alike = ends == Ends::even || ends == Ends::odd;
  return alike || length % 2 == 0 ? ends : Ends::odd;
}

double greatest_difference(const cv::Mat& plane, const cv::Mat& exact) {
  cv::Mat wide;
  plane.convertTo(wide, CV_64F);
  return cv::norm(wide, exact, cv::NORM_INF);
}

}  // namespace

/// One window while it is worked on; its planes are the workspace's.
struct Fusion::Part {
  Window window;
  cv::Mat weight, half_weight;
  std::array<cv::Mat, 3> wanted;    ///< M: brightness, B - Y, R - Y
  std::array<cv::Mat, 3> solution;  ///< v; colour: v - W M
};

void Fusion::set_day(const cv::Mat& bgr) {
  day_ = bgr.clone();
  day_luma_ = luma_of(day_);
  day_envelope_ = envelope_of(day_);
  const cv::Size colour = settings_.half_colour ? half_of(day_.size()) : day_.size();
  for (std::size_t i = 0; i < 3; ++i) {
    const cv::Size size = i == 0 ? day_.size() : colour;
    past_[i] = cv::Mat::zeros(size, CV_32F);
    now_[i] = cv::Mat::zeros(size, CV_32F);
  }
  forget();
}

cv::Mat Fusion::fuse(const FusionInput& input) {
  cv::Mat result = fresh_result(input.windows);
  figures_ = {};
  double off = 0, all = 0;
  for (const Window& window : input.windows) {
    Part part = prepare(input, window);
    solve(part, input.verify);
    sum_residual(part.solution[0], part.wanted[0], part.weight, day_luma_(window.rect), off, all);
    compose_part(input, part, result);
  }
  if (all > 0) figures_.residual = std::sqrt(off / all);
  if (input.verify && !figures_.solver_error) figures_.solver_error = 0;
  remember(input.windows);
  return result;
}

/// The day picture, but for a window that covers it all anyway.
cv::Mat Fusion::fresh_result(const std::vector<Window>& windows) {
  cv::Mat& result = results_[turn_++ % results_.size()];
  if (result.u == nullptr || CV_XADD(&result.u->refcount, 0) > 1) result = cv::Mat();
  const bool whole = windows.size() == 1 && windows[0].rect.size() == day_.size();
  whole ? result.create(day_.size(), CV_8UC3) : day_.copyTo(result);
  return result;
}

Fusion::Part Fusion::prepare(const FusionInput& input, const Window& window) {
  const cv::Size size = window.rect.size(), colour = settings_.half_colour ? half_of(size) : size;
  Part part;
  part.window = window;
  part.weight = planes_.plane(0, size);
  input.importance(window.rect).convertTo(part.weight, CV_32F, 1.0 / 255);
  part.half_weight = part.weight;
  if (settings_.half_colour) halve(part.weight, part.half_weight = planes_.plane(1, colour));
  for (std::size_t i = 0; i < 3; ++i) {
    part.wanted[i] = planes_.plane(2 + int(i), i == 0 ? size : colour);
    part.solution[i] = planes_.plane(5 + int(i), i == 0 ? size : colour);
  }
  subtract_pictures(input.night(window.rect), day_(window.rect), part.wanted);
  return part;
}

void Fusion::solve(Part& part, bool verify) {
  for (std::size_t i = 0; i < 3; ++i) solve_plane(part, i, verify && i == 0);
  // Of colour only what the solution changes beyond W M is enlarged; W M itself is there at full size.
  for (std::size_t i = 1; i < 3; ++i) {
    cv::Mat w_m = planes_.plane(8, part.wanted[i].size());
    cv::multiply(part.half_weight, part.wanted[i], w_m);
    cv::subtract(part.solution[i], w_m, part.solution[i]);
  }
}

void Fusion::solve_plane(const Part& part, std::size_t i, bool verify) {
  const bool past = !past_windows_.empty(), half = i > 0 && settings_.half_colour;
  const double screen = settings_.screen, temporal = past ? settings_.temporal : 0;
  const cv::Mat& m = part.wanted[i];
  cv::Mat v = part.solution[i];
  const cv::Rect rect = half ? half_of(part.window.rect) : part.window.rect;
  const Ends x = possible(part.window.horizontal, m.cols), y = possible(part.window.vertical, m.rows);
  right_side(m, half ? part.half_weight : part.weight, screen, temporal, past ? past_[i](rect) : cv::Mat(), v);
  cv::Mat exact;
  if (verify) {
    exact = make_plane<double>(m.size());
    v.convertTo(exact, CV_64F);
    Poisson<double>(m.size(), x, y).solve(exact, screen + temporal);
  }
  Poisson<float>(m.size(), x, y).solve(v, screen + temporal);
  if (verify) figures_.solver_error = std::max(figures_.solver_error.value_or(0), greatest_difference(v, exact));
  v.copyTo(now_[i](rect));
}

/// Around what is important the solution fades out, so that the rest of the picture keeps still.
void Fusion::compose_part(const FusionInput& input, const Part& part, cv::Mat& result) const {
  const cv::Rect& rect = part.window.rect;
  cv::Mat influence, things, to = result(rect);
  Range range;
  if (!input.influence.empty()) {
    influence = input.influence(rect);
    things = input.things(rect);
    range = range_of(day_envelope_, input.night, rect, part.solution[0], influence, things);
  }
  compose({day_(rect), input.night(rect), part.weight, part.solution[0], part.solution[1], part.solution[2], influence,
           things, range},
          to);
}

/// This frame's solution becomes the past; the other planes are cleared for the next.
void Fusion::remember(const std::vector<Window>& windows) {
  for (std::size_t i = 0; i < 3; ++i) {
    const bool half = i > 0 && settings_.half_colour;
    for (const Window& window : past_windows_) past_[i](half ? half_of(window.rect) : window.rect).setTo(0);
    std::swap(past_[i], now_[i]);
  }
  past_windows_ = windows;
}

}  // namespace lynceus::context
