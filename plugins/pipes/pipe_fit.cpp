#include "plugins/pipes/pipe_fit.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/pipes/chamfer.h"
#include "plugins/pipes/robust_line.h"

namespace lynceus::pipes {
namespace {

/// A pixel that may be the first or the last of its column; those at the picture's border are no edges.
struct OutlinePixel {
  int x, y;
  bool cut;
};

/// Of the picture, row by row: set pixels with one beside, above or below that is not, or is beyond the mask.
std::vector<OutlinePixel> outline_of(const cv::Mat& mask, cv::Point at, cv::Size size) {
  std::vector<OutlinePixel> out;
  for (int y = 0; y < mask.rows; ++y) {
    const auto* row = mask.ptr<uchar>(y);
    const bool edge_row = y == 0 || y + 1 == mask.rows;
    const auto* above = edge_row ? row : mask.ptr<uchar>(y - 1);
    const auto* below = edge_row ? row : mask.ptr<uchar>(y + 1);
    for (int x = 0; x < mask.cols; ++x) {
      if (row[x] == 0) continue;
      const bool inner =
          !edge_row && x > 0 && x + 1 < mask.cols && (row[x - 1] & row[x + 1] & above[x] & below[x]) != 0;
      if (inner) continue;
      const cv::Point p(at.x + x, at.y + y);
      out.push_back({p.x, p.y, p.x == 0 || p.y == 0 || p.x == size.width - 1 || p.y == size.height - 1});
    }
  }
  return out;
}

/// The first and the last pixel of each column across the axis.
struct Edges {
  std::vector<cv::Point2d> first, second;
  double from = 0, to = 0;
};

Edges edges_of(const std::vector<OutlinePixel>& outline, cv::Size size, const PipeLines& frame) {
  struct Extent {
    double least = 1e9, greatest = -1e9;
    bool least_cut = false, greatest_cut = false;
  };
  const double reach = std::hypot(size.width, size.height) + 2;
  std::vector<Extent> columns(static_cast<std::size_t>(2 * reach) + 2);
  const cv::Point2d along = frame.along(), across = frame.across();
  for (const OutlinePixel& p : outline) {
    const cv::Point2d d(p.x - frame.origin.x, p.y - frame.origin.y);
    const double v = d.dot(across);
    Extent& column = columns[static_cast<std::size_t>(d.dot(along) + reach + 0.5)];
    if (v < column.least) column.least = v, column.least_cut = p.cut;
    if (v > column.greatest) column.greatest = v, column.greatest_cut = p.cut;
  }
  Edges out;
  bool any = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Extent& column = columns[i];
    if (column.greatest < column.least) continue;
    const double u = static_cast<double>(i) - reach;
    if (!any) out.from = u;
    any = true;
    out.to = u;
    if (!column.least_cut) out.first.emplace_back(u, column.least - 0.5);
    if (!column.greatest_cut) out.second.emplace_back(u, column.greatest + 0.5);
  }
  return out;
}

/// The axis of the part's moments.
PipeLines moment_frame(const cv::Mat& mask, cv::Point at) {
  const cv::Moments m = cv::moments(mask, true);
  PipeLines frame;
  frame.origin = {at.x + m.m10 / m.m00, at.y + m.m01 / m.m00};
  frame.angle = 0.5 * std::atan2(2 * m.mu11, m.mu20 - m.mu02);
  return frame;
}

double wrapped(double angle) {
  while (angle > CV_PI / 2) angle -= CV_PI;
  while (angle <= -CV_PI / 2) angle += CV_PI;
  return angle;
}

}  // namespace

/// A round opening by distances, which costs the same whatever its size.
cv::Mat without_thin_parts(const cv::Mat& own, const cv::Rect& box, cv::Size size) {
  constexpr double kThin = 0.45;
  const cv::Rect reach = cv::Rect(box.x - 2, box.y - 2, box.width + 4, box.height + 4);
  cv::Mat padded;
  const auto beyond = [](bool outside) { return outside ? cv::BORDER_REPLICATE : cv::BORDER_CONSTANT; };
  cv::copyMakeBorder(own, padded, 2, 2, 0, 0, beyond(reach.y < 0 || reach.br().y > size.height), cv::Scalar(0));
  cv::copyMakeBorder(padded, padded, 0, 0, 2, 2, beyond(reach.x < 0 || reach.br().x > size.width), cv::Scalar(0));
  const cv::Mat distance = chamfer(padded);
  double deepest = 0;
  cv::minMaxLoc(distance, nullptr, &deepest);
  const double radius = kThin * deepest;
  if (radius < 2 * kChamferUnit) return own;
  cv::Mat core, opened;
  cv::compare(distance, radius, core, cv::CMP_LE);  // 0 inside the eroded component
  cv::compare(chamfer(core), radius + 0.5 * kChamferUnit, opened, cv::CMP_LT);
  opened &= padded;
  return opened(cv::Rect({2, 2}, own.size())).clone();
}

std::optional<Fitted> fit(const cv::Mat& mask, cv::Point at, cv::Size size) {
  Fitted out;
  PipeLines& lines = out.lines;
  if (cv::countNonZero(mask) == 0) return std::nullopt;
  lines = moment_frame(mask, at);
  const std::vector<OutlinePixel> outline = outline_of(mask, at, size);
  for (int round = 0; round < 4; ++round) {
    const Edges edges = edges_of(outline, size, lines);
    const std::size_t least = 8;
    if (edges.first.size() < least || edges.second.size() < least) return std::nullopt;
    const double tolerance = std::max(1.2, 0.006 * size.width);
    const LineFit first = robust_line(edges.first, tolerance, +1), second = robust_line(edges.second, tolerance, -1);
    lines.first = first.line, lines.second = second.line;
    lines.from = edges.from, lines.to = edges.to;
    out.support = std::min(first.support, second.support);
    out.explained = std::min(first.support + first.tolerated, second.support + second.tolerated);
    const double turn = std::atan((first.line.slope + second.line.slope) / 2);
    if (std::abs(turn) < 0.004) break;
    lines.angle = wrapped(lines.angle + turn);
    const double v = lines.centre(0);
    lines.origin += v * lines.across();
  }
  return out;
}

}  // namespace lynceus::pipes
