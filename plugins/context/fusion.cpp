#include "plugins/context/fusion.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/context/fusion_kernels.h"
#include "plugins/context/poisson.h"

namespace lynceus::context {
namespace {

cv::Size half_of(cv::Size size) { return {(size.width + 1) / 2, (size.height + 1) / 2}; }

cv::Rect half_of(const cv::Rect& rect) {
  return {{rect.x / 2, rect.y / 2}, half_of(rect.size())};
}

cv::Mat halved(const cv::Mat& plane) {
  cv::Mat out;
  cv::resize(plane, out, half_of(plane.size()), 0, 0, cv::INTER_AREA);
  return out;
}

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

/// One window while it is worked on.
struct Fusion::Part {
  Window window;
  cv::Mat weight, influence;        ///< 32FC1
  std::array<cv::Mat, 3> wanted;    ///< M: brightness, B - Y, R - Y
  std::array<cv::Mat, 3> solution;  ///< v; colour: v - W M, at full size
};

void Fusion::set_day(const cv::Mat& bgr) {
  day_ = bgr.clone();
  day_luma_ = luma_of(day_);
  const cv::Size colour = settings_.half_colour ? half_of(day_.size()) : day_.size();
  for (std::size_t i = 0; i < 3; ++i) {
    const cv::Size size = i == 0 ? day_.size() : colour;
    past_[i] = cv::Mat::zeros(size, CV_32F);
    now_[i] = cv::Mat::zeros(size, CV_32F);
  }
  forget();
}

cv::Mat Fusion::fuse(const cv::Mat& night, const cv::Mat& importance, const cv::Mat& influence,
                     const std::vector<Window>& windows, bool verify) {
  cv::Mat result = day_.clone();
  figures_ = {};
  double off = 0, all = 0;
  for (const Window& window : windows) {
    Part part;
    part.window = window;
    importance(window.rect).convertTo(part.weight, CV_32F, 1.0 / 255);
    if (!influence.empty()) influence(window.rect).convertTo(part.influence, CV_32F, 1.0 / 255);
    subtract_pictures(night(window.rect), day_(window.rect), part.wanted[0], part.wanted[1], part.wanted[2]);
    solve(part, verify);
    add_residual(part, off, all);
    confine(part);
    compose(part, result);
  }
  if (all > 0) figures_.residual = std::sqrt(off / all);
  if (verify && !figures_.solver_error) figures_.solver_error = 0;
  remember(windows);
  return result;
}

void Fusion::solve(Part& part, bool verify) {
  const bool past = !past_windows_.empty();
  const double screen = settings_.screen, temporal = past ? settings_.temporal : 0;
  const cv::Mat half_weight = settings_.half_colour ? halved(part.weight) : part.weight;
  for (std::size_t i = 0; i < 3; ++i) {
    const bool half = i > 0 && settings_.half_colour;
    const cv::Mat m = half ? halved(part.wanted[i]) : part.wanted[i];
    const cv::Mat& w = half ? half_weight : part.weight;
    const cv::Rect rect = half ? half_of(part.window.rect) : part.window.rect;
    const Ends x = possible(part.window.horizontal, m.cols), y = possible(part.window.vertical, m.rows);
    cv::Mat v = make_plane<float>(m.size());
    right_side(m, w, screen, temporal, past ? past_[i](rect) : cv::Mat(), v);
    cv::Mat exact;
    if (verify && i == 0) {
      exact = make_plane<double>(m.size());
      v.convertTo(exact, CV_64F);
      Poisson<double>(m.size(), x, y).solve(exact, screen + temporal);
    }
    Poisson<float>(m.size(), x, y).solve(v, screen + temporal);
    if (!exact.empty()) figures_.solver_error = std::max(figures_.solver_error.value_or(0), greatest_difference(v, exact));
    v.copyTo(now_[i](rect));
    if (i == 0) {
      part.solution[0] = v;
      continue;
    }
    // Of colour only what the solution changes beyond W M is enlarged; W M itself is there at full size.
    cv::Mat beyond = v - w.mul(m);
    if (half) cv::resize(beyond, beyond, part.weight.size(), 0, 0, cv::INTER_LINEAR);
    part.solution[i] = beyond + part.weight.mul(part.wanted[i]);
  }
}

/// Around what is important the solution fades out, so that the rest of the picture keeps still.
void Fusion::confine(Part& part) const {
  if (part.influence.empty()) return;
  for (cv::Mat& v : part.solution) cv::multiply(v, part.influence, v);
}

void Fusion::compose(const Part& part, cv::Mat& result) const {
  cv::Mat to = result(part.window.rect);
  add_solution(day_(part.window.rect), part.solution[0], part.solution[1], part.solution[2], to);
}

void Fusion::add_residual(const Part& part, double& off, double& all) const {
  sum_residual(part.solution[0], part.wanted[0], part.weight, day_luma_(part.window.rect), off, all);
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
