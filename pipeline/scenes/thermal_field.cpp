// Temperatures of a thermal pipe picture.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/thermal.h"

namespace lynceus::scenes {
namespace {

double smooth(double from, double to, double value) {
  const double part = std::clamp((value - from) / (to - from), 0.0, 1.0);
  return part * part * (3 - 2 * part);
}

/// The pipe's own coordinates: `along` 0 … 1 through the picture, `across` −1 … 1 from edge to edge.
class PipeFrame {
 public:
  explicit PipeFrame(const ThermalRecipe& r) : taper_(r.taper) {
    const double angle = r.tilt_deg * CV_PI / 180;
    along_ = {std::cos(angle), std::sin(angle)};
    across_ = {-along_.y, along_.x};
    const bool steep = std::abs(along_.y) > std::abs(along_.x);
    const double side = steep ? r.size.width : r.size.height;
    origin_ =
        steep ? cv::Point2d(r.centre * side, r.size.height / 2.0) : cv::Point2d(r.size.width / 2.0, r.centre * side);
    half_width_ = r.width * side / 2;
    half_length_ = steep ? r.size.height / 2.0 / std::abs(along_.y) : r.size.width / 2.0 / std::abs(along_.x);
  }
  struct Place {
    double along = 0, across = 0;
  };
  Place at(double x, double y) const {
    const cv::Point2d d = cv::Point2d(x, y) - origin_;
    const double u = d.dot(along_) / (2 * half_length_) + 0.5;
    return {u, d.dot(across_) / half_at(u)};
  }
  cv::Point2d point(double along, double across) const {
    return origin_ + (along - 0.5) * 2 * half_length_ * along_ + across * half_at(along) * across_;
  }
  double half_at(double along) const { return half_width_ * (1 + taper_ * (along - 0.5)); }
  double half_width() const { return half_width_; }
  double length() const { return 2 * half_length_; }
  double angle() const { return std::atan2(along_.y, along_.x); }

 private:
  cv::Point2d origin_, along_, across_;
  double half_width_ = 1, half_length_ = 1, taper_;
};

void add_branches(cv::Mat& field, const ThermalRecipe& r, const PipeFrame& frame) {
  for (const ThermalBranch& b : r.branches) {
    const cv::Point2d from = frame.point(b.along, 0);
    const double turn = frame.angle() + (b.upper ? -CV_PI / 2 : CV_PI / 2) + b.angle;
    const cv::Point2d way(std::cos(turn), std::sin(turn));
    const double half = std::max(2.0, b.width * frame.half_width());
    for (int y = 0; y < field.rows; ++y) {
      for (int x = 0; x < field.cols; ++x) {
        const cv::Point2d d = cv::Point2d(x, y) - from;
        const double out = d.dot(way), off = std::abs(d.x * way.y - d.y * way.x) / half;
        if (out < 0 || off >= 1) continue;
        float& here = field.at<float>(y, x);
        here = static_cast<float>(here + (b.celsius - here) * std::pow(1 - off * off, 0.25));
      }
    }
  }
}

void add_lamps(cv::Mat& field, const ThermalRecipe& r) {
  for (const ThermalLamp& lamp : r.lamps) {
    const double cx = lamp.at.x * field.cols, cy = lamp.at.y * field.rows, radius = lamp.size * field.rows;
    for (int y = 0; y < field.rows; ++y) {
      for (int x = 0; x < field.cols; ++x) {
        const double dx = (x - cx) / radius, dy = (y - cy) / radius;
        const double distance = lamp.round ? std::hypot(dx, dy) : std::max(std::abs(dx) / 1.6, std::abs(dy));
        const double inside = smooth(1.15, 0.85, distance);
        float& here = field.at<float>(y, x);
        here = static_cast<float>(here + inside * (lamp.celsius - here));
      }
    }
  }
}

class Surface {
 public:
  Surface(const ThermalRecipe& r, const PipeFrame& frame) : r_(r), frame_(frame) {}

  double celsius(const PipeFrame::Place& p, double wall, double texture) {
    const double excess = r_.insulation - r_.wall + r_.along_kelvin * (p.along - 0.5);
    double value = wall + excess * lambert(p.across) + texture;
    ++pixels_;
    for (const ThermalPatch& patch : r_.patches) value = patched(p, patch, value);
    return value;
  }
  /// Nothing where the insulation is in place.
  std::optional<double> bare(const PipeFrame::Place& p, double wall) {
    for (const ThermalGap& gap : r_.gaps) {
      const double wobble = 0.006 * std::sin(p.across * 7) + 0.003 * std::sin(p.across * 17);
      if (p.along + wobble < gap.from || p.along + wobble > gap.to) continue;
      ++pixels_;
      const double across = p.across / gap.radius;
      if (std::abs(across) >= 1) return wall + 0.05 * (gap.celsius - r_.wall) * std::exp(-4 * (std::abs(across) - 1));
      ++hot_;
      return wall + (gap.celsius - r_.wall) * lambert(across);
    }
    return std::nullopt;
  }
  double hot_share() const { return pixels_ > 0 ? double(hot_) / double(pixels_) : 0; }

 private:
  double lambert(double across) const { return std::pow(std::max(0.0, 1 - across * across), r_.falloff); }
  double patched(const PipeFrame::Place& p, const ThermalPatch& patch, double value) {
    const double dx = (p.along - patch.along) / patch.half_length, dy = (p.across - patch.across) / patch.half_width;
    const double turn = std::atan2(dy, dx);
    const double edge = 1 + patch.ragged * (std::sin(3 * turn + 1) + 0.6 * std::sin(7 * turn));
    const double soft = std::clamp(1.5 / (patch.half_length * frame_.length()), 0.02, 0.3);
    const double inside = smooth(1 + soft, 1 - soft, std::hypot(dx, dy) / edge);
    if (inside > 0.5) ++hot_;
    return value + inside * (patch.celsius - r_.insulation);
  }

  const ThermalRecipe& r_;
  const PipeFrame& frame_;
  std::size_t pixels_ = 0, hot_ = 0;
};

}  // namespace

cv::Mat thermal_field(const ThermalRecipe& r, double* hot_share) {
  const cv::Size size = r.size;
  const PipeFrame frame(r);
  const cv::Mat plaster = fractal_noise(size, size.width / 5.0, 4, hash(r.seed, 1));
  const cv::Mat wrap = fractal_noise(size, std::max(6.0, size.width / 24.0), 3, hash(r.seed, 2));
  const double slope_x = 2 * hash01(r.seed, 3) - 1, slope_y = 2 * hash01(r.seed, 4) - 1;
  cv::Mat walls(size, CV_32F);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double dx = 2.0 * x / size.width - 1, dy = 2.0 * y / size.height - 1;
      walls.at<float>(y, x) = static_cast<float>(r.wall + r.wall_texture * (2 * plaster.at<float>(y, x) - 1) +
                                                 0.4 * r.wall_texture * (slope_x * dx + slope_y * dy) -
                                                 r.vignette * (dx * dx + dy * dy) / 2);
    }
  }
  cv::Mat field = walls.clone();
  const bool pipe = r.fault != PipeFault::no_pipe;
  if (pipe) add_branches(field, r, frame);
  add_lamps(field, r);
  Surface surface(r, frame);
  for (int y = 0; pipe && y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const PipeFrame::Place p = frame.at(x, y);
      if (std::abs(p.across) >= 1) continue;
      const double wall = walls.at<float>(y, x);
      const auto bare = surface.bare(p, wall);
      const double texture = r.texture * (2 * wrap.at<float>(y, x) - 1);
      field.at<float>(y, x) = static_cast<float>(bare ? *bare : surface.celsius(p, wall, texture));
    }
  }
  if (hot_share) *hot_share = surface.hot_share();
  if (r.blur_px > 0) cv::GaussianBlur(field, field, {}, r.blur_px);
  cv::Mat grain(size, CV_32F);
  cv::RNG random(hash(r.seed, 5));
  random.fill(grain, cv::RNG::NORMAL, 0, r.noise_kelvin);
  return field + grain;
}

}  // namespace lynceus::scenes
