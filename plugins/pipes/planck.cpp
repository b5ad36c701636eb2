#include "plugins/pipes/planck.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lynceus::pipes {
namespace {

constexpr double kKelvin = 273.15;
constexpr double kLongWave = 1430;  // B of a usual long-wave camera
constexpr double kColdest = -273.15, kHottest = 5000;

double raw_of(const sdk::Planck& p, double kelvin) { return p.r1 / (p.r2 * (std::exp(p.b / kelvin) - p.f)) - p.o; }

/// Share of the radiation that half the way through the air lets pass.
double half_air(const sdk::Planck& p) {
  if (p.distance_m <= 0 || p.x == 0) return 1;
  const double t = p.atmosphere_kelvin - kKelvin;
  const double water = p.humidity * std::exp(1.5587 + 0.06939 * t - 0.00027816 * t * t + 0.00000068455 * t * t * t);
  const double root = std::sqrt(p.distance_m / 2), wet = std::sqrt(std::max(0.0, water));
  const double tau =
      p.x * std::exp(-root * (p.alpha1 + p.beta1 * wet)) + (1 - p.x) * std::exp(-root * (p.alpha2 + p.beta2 * wet));
  return std::isfinite(tau) ? std::clamp(tau, 0.01, 1.0) : 1;
}

/// What stands between the object and the sensor, as one straight line: object's raw = scale × raw − shift.
struct Line {
  double scale = 1, shift = 0;
};

Line line_of(const sdk::Planck& p, const Surface& surface) {
  const double e = std::clamp(surface.emissivity.value_or(p.emissivity), 0.01, 1.0);
  const double reflected =
      raw_of(p, surface.reflected_celsius ? *surface.reflected_celsius + kKelvin : p.reflected_kelvin);
  const double tau = half_air(p), window = std::clamp(p.window_transmission, 0.01, 1.0);
  const double air = raw_of(p, p.atmosphere_kelvin), glass = raw_of(p, p.window_kelvin);
  Line line;
  line.scale = 1 / (e * tau * window * tau);
  line.shift = (1 - e) / e * reflected + (1 - tau) / (e * tau) * air + (1 - window) / (e * tau * window) * glass +
               (1 - tau) / (e * tau * window * tau) * air;
  return line;
}

double kelvin_of(const sdk::Planck& p, const Line& line, double raw) {
  const double object = raw * line.scale - line.shift;
  const double inside = p.r1 / (p.r2 * (object + p.o)) + p.f;
  return inside > 1 ? p.b / std::log(inside) : -1;
}

double signal(double celsius) { return 1 / (std::exp(kLongWave / (celsius + kKelvin)) - 1); }

bool sensible(double celsius) { return std::isfinite(celsius) && celsius > kColdest && celsius < kHottest; }

}  // namespace

double with_emissivity(double celsius, double camera_emissivity, const Surface& surface) {
  if (!surface.emissivity || celsius <= kColdest) return celsius;
  const double reflected = signal(surface.reflected_celsius.value_or(20));
  const double seen = camera_emissivity * signal(celsius) + (1 - camera_emissivity) * reflected;
  const double own = (seen - (1 - *surface.emissivity) * reflected) / *surface.emissivity;
  return own > 0 ? kLongWave / std::log1p(1 / own) - kKelvin : celsius;
}

double celsius_of(const sdk::Radiometric& radiometric, const Surface& surface, double raw) {
  if (!radiometric.planck) return raw * radiometric.gain + radiometric.offset - kKelvin;
  return kelvin_of(*radiometric.planck, line_of(*radiometric.planck, surface), raw) - kKelvin;
}

void to_celsius(const sdk::Radiometric& radiometric, const Surface& surface, cv::Mat& celsius, cv::Mat& known) {
  const cv::Mat& raw = radiometric.raw;
  celsius.create(raw.size(), CV_32F);
  known.create(raw.size(), CV_8U);
  if (!radiometric.planck) {
    raw.convertTo(celsius, CV_32F, radiometric.gain, radiometric.offset - kKelvin);
    cv::compare(raw, 0, known, cv::CMP_NE);
    return;
  }
  double least = 0, greatest = 0;
  cv::minMaxLoc(raw, &least, &greatest);
  const Line line = line_of(*radiometric.planck, surface);
  const auto first = static_cast<int>(least);
  std::vector<float> table(static_cast<std::size_t>(greatest - least) + 1);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = kelvin_of(*radiometric.planck, line, least + static_cast<double>(i)) - kKelvin;
    table[i] = sensible(value) ? static_cast<float>(value) : static_cast<float>(kColdest);
  }
  for (int y = 0; y < raw.rows; ++y) {
    const auto* in = raw.ptr<std::uint16_t>(y);
    auto* out = celsius.ptr<float>(y);
    auto* good = known.ptr<uchar>(y);
    for (int x = 0; x < raw.cols; ++x) {
      out[x] = table[static_cast<std::size_t>(in[x] - first)];
      good[x] = out[x] > static_cast<float>(kColdest) ? 255 : 0;
    }
  }
}

}  // namespace lynceus::pipes
