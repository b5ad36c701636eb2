#include "pipeline/scenes/sky.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace lynceus::scenes {
namespace {

constexpr double kDrift = 0.012;  // clouds' speed, picture widths a second
constexpr double kPeak = 78;      // grey levels of the target above what is behind it
constexpr double kNoise = 1.6;
constexpr double kBank = 46;  // grey levels of the bank of cloud
constexpr double kBankFades_s = 2.5;

/// Clouds that repeat after `width`, so that they can drift for ever.
cv::Mat periodic_clouds(cv::Size size, std::uint64_t seed) {
  const int blend = size.width / 4;
  const cv::Mat noise = fractal_noise({size.width + blend, size.height}, size.width / 5.0, 7, seed);
  cv::Mat period = noise.colRange(0, size.width).clone();
  for (int x = 0; x < blend; ++x) {
    const double part = static_cast<double>(x) / blend;
    period.col(x) = part * noise.col(x) + (1 - part) * noise.col(size.width + x);
  }
  for (int y = 0; y < period.rows; ++y) {
    for (int x = 0; x < period.cols; ++x) {
      float& here = period.at<float>(y, x);  // clear sky between: only the upper half of the noise becomes cloud
      const float bank = std::clamp((here - 0.44F) / 0.14F, 0.0F, 1.0F);
      here = bank * bank * (3 - 2 * bank) * (38 + 95 * std::max(0.0F, here - 0.40F));
    }
  }
  period.convertTo(period, CV_8U);
  cv::Mat twice;
  cv::hconcat(period, period, twice);
  return twice;
}

cv::Mat sky_gradient(cv::Size size) {
  cv::Mat sky(size, CV_8U);
  for (int y = 0; y < size.height; ++y) sky.row(y).setTo(34 + 34.0 * y / size.height);  // warmer to the horizon
  return sky;
}

}  // namespace

SkyScene::SkyScene(const SceneSettings& settings)
    : settings_(settings),
      clouds_(periodic_clouds({settings.size.width * 2, settings.size.height}, settings.seed)),
      gradient_(sky_gradient(settings.size)),
      noise_(settings.size, kNoise, hash(settings.seed, 3)) {}

double SkyScene::sigma(double time_s) const { return 1.0 + 0.2 * std::sin(time_s * 0.7); }

std::optional<cv::Point2d> SkyScene::target(double time_s) const {
  const double cycle = kPass_s + kAway_s, into = time_s - std::floor(time_s / cycle) * cycle;
  if (into > kHidden_s && into < kHidden_s + kHiddenFor_s) return std::nullopt;
  return on_its_way(time_s);
}

std::optional<cv::Point2d> SkyScene::on_its_way(double time_s) const {
  const double cycle = kPass_s + kAway_s;
  const double turn = std::floor(time_s / cycle);
  const double into = time_s - turn * cycle;
  if (into > kPass_s) return std::nullopt;
  const auto pass = static_cast<std::uint64_t>(std::max(0.0, turn));
  const bool back = pass % 2 == 1;
  const double along = into / kPass_s;
  const double high = 0.2 + 0.5 * hash01(settings_.seed, 100 + pass),
               swing = 0.06 + 0.1 * hash01(settings_.seed, 200 + pass);
  const double x = -0.02 + 1.04 * (back ? 1 - along : along);
  const double y = high + swing * std::sin(2 * std::numbers::pi * (along * 1.3 + hash01(settings_.seed, 300 + pass)));
  const cv::Point2d at(x * settings_.size.width, y * settings_.size.height);
  const bool inside = at.x >= 3 && at.y >= 3 && at.x < settings_.size.width - 3 && at.y < settings_.size.height - 3;
  return inside ? std::optional(at) : std::nullopt;
}

/// As wide as the target's way behind it; forms and dissolves.
void SkyScene::draw_bank(cv::Mat& grey, double time_s) const {
  const double cycle = kPass_s + kAway_s, turn = std::floor(time_s / cycle), middle_s = kHidden_s + kHiddenFor_s / 2;
  const double part = 1 - std::abs(time_s - turn * cycle - middle_s) / (kHiddenFor_s / 2 + kBankFades_s);
  const auto at = on_its_way(turn * cycle + middle_s);
  if (part <= 0 || !at) return;
  const double thick = kBank * std::min(1.0, 2 * part), wide = 0.09 * settings_.size.width, high = 0.6 * wide;
  for (int y = 0; y < grey.rows; ++y) {
    const double v = (y - at->y) / high;
    if (std::abs(v) > 3) continue;
    auto* row = grey.ptr<uchar>(y);
    for (int x = 0; x < grey.cols; ++x) {
      const double u = (x - at->x) / wide;
      if (std::abs(u) < 3) row[x] = cv::saturate_cast<uchar>(row[x] + thick * std::exp(-(u * u + v * v) / 2));
    }
  }
}

void SkyScene::draw_target(cv::Mat& grey, double time_s) const {
  const auto at = target(time_s);
  if (!at) return;
  const double spread = sigma(time_s);
  const int reach = 5;
  const cv::Point middle(cvFloor(at->x), cvFloor(at->y));
  const cv::Rect around =
      cv::Rect(middle.x - reach, middle.y - reach, 2 * reach + 1, 2 * reach + 1) & cv::Rect({0, 0}, grey.size());
  for (int y = around.y; y < around.br().y; ++y) {
    for (int x = around.x; x < around.br().x; ++x) {
      const double dx = x + 0.5 - at->x, dy = y + 0.5 - at->y;
      uchar& here = grey.at<uchar>(y, x);
      here = cv::saturate_cast<uchar>(here + kPeak * std::exp(-(dx * dx + dy * dy) / (2 * spread * spread)));
    }
  }
}

cv::Mat SkyScene::render(double time_s) {
  const cv::Size size = settings_.size;
  const double period = clouds_.cols / 2.0;
  const double travelled = time_s * kDrift * size.width;
  const double shift = travelled - std::floor(travelled / period) * period;
  cv::Mat grey;
  cv::getRectSubPix(clouds_, size, {static_cast<float>(shift + (size.width - 1) / 2.0), (size.height - 1) / 2.0F},
                    grey);
  grey += gradient_;
  draw_bank(grey, time_s);
  draw_target(grey, time_s);
  noise_.add(grey, frame_key(time_s));
  cv::Mat picture;
  cv::cvtColor(grey, picture, cv::COLOR_GRAY2BGR);
  return picture;
}

Truth SkyScene::truth(double time_s) const {
  Truth truth;
  if (const auto at = target(time_s)) {
    const double half = 2 * sigma(time_s);
    truth.targets.emplace_back(at->x - half, at->y - half, 2 * half, 2 * half);
  }
  return truth;
}

}  // namespace lynceus::scenes
