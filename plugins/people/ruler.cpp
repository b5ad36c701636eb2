#include "plugins/people/ruler.h"

#include <algorithm>
#include <cmath>

#include "plugins/people/plane.h"

namespace lynceus::people {
namespace {

constexpr double kLeastSigma = 1e-9;
constexpr double kReach = 5;  // standard deviations beyond which nothing is expected

double normal_share(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// Along its two axes: variances, and the mean turned into them.
struct Turned {
  double sigma_x, sigma_y, x, y;
};

Turned turned(const cv::Point2d& mean, const cv::Matx22d& c) {
  const double half = (c(0, 0) + c(1, 1)) / 2, apart = (c(0, 0) - c(1, 1)) / 2;
  const double root = std::hypot(apart, c(0, 1));
  const double angle = 0.5 * std::atan2(c(0, 1), apart);
  const double cosine = std::cos(angle), sine = std::sin(angle);
  return {std::sqrt(std::max(half + root, 0.0)), std::sqrt(std::max(half - root, 0.0)), cosine * mean.x + sine * mean.y,
          -sine * mean.x + cosine * mean.y};
}

}  // namespace

Gap gap(const Spot& a, const Spot& b) {
  const cv::Point2d d = a.at - b.at;
  const cv::Matx22d c = a.covariance + b.covariance;
  const double distance = cv::norm(d);
  if (distance < kLeastSigma) return {distance, std::sqrt(std::max(0.0, cv::trace(c) / 2))};
  const cv::Vec2d n(d.x / distance, d.y / distance);
  return {distance, std::sqrt(std::max(0.0, n.dot(c * n)))};
}

/// Along the longer axis in steps, along the other one exactly.
double probability_within(const Spot& a, const Spot& b, double limit) {
  const cv::Point2d mean = a.at - b.at;
  const Turned t = turned(mean, a.covariance + b.covariance);
  const double distance = std::hypot(mean.x, mean.y);
  if (t.sigma_x < kLeastSigma) return distance < limit - kTolerance ? 1 : 0;
  if (distance - kReach * t.sigma_x > limit) return 0;
  if (distance + kReach * t.sigma_x < limit) return 1;
  constexpr int steps = 32;
  const double from = std::max(-limit, t.x - kReach * t.sigma_x), to = std::min(limit, t.x + kReach * t.sigma_x);
  if (from >= to) return 0;
  const double width = (to - from) / steps, sigma_y = std::max(t.sigma_y, kLeastSigma);
  double sum = 0, below = normal_share((from - t.x) / t.sigma_x);
  for (int i = 0; i < steps; ++i) {
    const double left = from + i * width, middle = left + width / 2;
    const double half = std::sqrt(std::max(0.0, limit * limit - middle * middle));
    const double up_to = normal_share((left + width - t.x) / t.sigma_x);
    sum += (up_to - below) * (normal_share((half - t.y) / sigma_y) - normal_share((-half - t.y) / sigma_y));
    below = up_to;
  }
  return std::clamp(sum, 0.0, 1.0);
}

Spot perspective_spot(const cv::Rect2d& box, const cv::Point2d& foot, double focal_px, double centre_x) {
  const double h = std::max(box.height, 1.0);
  const double z = focal_px * kPersonHeight_m / h, x = (foot.x - centre_x) * z / focal_px;
  const cv::Vec2d sigma = foot_sigma(h);
  const double dz = z / h * sigma[1];  // of the height's error
  const double dx = z / focal_px * sigma[0], slant = x / z;
  Spot out{{x, z}, {dx * dx + slant * slant * dz * dz, slant * dz * dz, slant * dz * dz, dz * dz}};
  return out;
}

std::vector<Pair> measured_pairs(std::span<const std::optional<Spot>> spots, double limit, std::size_t most) {
  std::vector<Pair> out;
  for (std::size_t a = 0; a < spots.size(); ++a) {
    for (std::size_t b = a + 1; spots[a] && b < spots.size(); ++b) {
      if (!spots[b]) continue;
      const Gap g = gap(*spots[a], *spots[b]);
      if (g.distance < 2 * limit) out.push_back({a, b, g.distance, g.sigma, 0, limit - g.distance > kTolerance});
    }
  }
  if (out.size() > most) {
    std::sort(out.begin(), out.end(), [](const Pair& x, const Pair& y) { return x.distance < y.distance; });
    out.resize(most);
  }
  for (Pair& pair : out) pair.probability = probability_within(*spots[pair.a], *spots[pair.b], limit);
  return out;
}

}  // namespace lynceus::people
