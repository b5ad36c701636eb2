#include "pipeline/scenes/still.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/text.h"

namespace lynceus::scenes {
namespace {

constexpr double kBars = 0.42, kWedge = 0.52, kTexture = 0.76,
                 kTrack = 0.86;    // lower ends of the strips, of the height
constexpr double kLapSeconds = 8;  // the block there and back

void draw_bars(cv::Mat area) {
  const std::array<cv::Scalar, 7> bars{
      cv::Scalar(191, 191, 191), {0, 191, 191}, {191, 191, 0}, {0, 191, 0}, {191, 0, 191}, {0, 0, 191}, {191, 0, 0}};
  const int count = static_cast<int>(bars.size());
  for (int i = 0; i < count; ++i) {
    const int from = area.cols * i / count, to = area.cols * (i + 1) / count;
    area.colRange(from, to).setTo(bars[static_cast<std::size_t>(i)]);
  }
}

void draw_wedge(cv::Mat area) {
  for (int x = 0; x < area.cols; ++x) area.col(x).setTo(cv::Scalar::all(255.0 * x / std::max(1, area.cols - 1)));
}

void draw_texture(cv::Mat area, std::uint64_t seed) {
  cv::Mat grey, fine = fractal_noise(area.size(), 8, 3, seed);
  fine.convertTo(grey, CV_8U, 150, 50);
  for (int x = 0; x < area.cols / 4; ++x) {  // a resolution pattern: lines getting finer
    const int period = 2 + 10 * (area.cols / 4 - x) / std::max(1, area.cols / 4);
    if (x % period < period / 2) grey.col(x).setTo(230);
  }
  cv::cvtColor(grey, grey, cv::COLOR_GRAY2BGR);
  grey.copyTo(area);
}

}  // namespace

StillScene::StillScene(const SceneSettings& settings) : size_(settings.size), card_(size_, CV_8UC3) {
  card_.setTo(cv::Scalar(48, 48, 48));
  draw_bars(card_(strip(0, kBars)));
  draw_wedge(card_(strip(kBars, kWedge)));
  draw_texture(card_(strip(kWedge, kTexture)), settings.seed);
  const cv::Point centre(size_.width / 2, static_cast<int>(size_.height * kBars / 2));
  const int radius = static_cast<int>(size_.height * kBars * 0.44);
  cv::circle(card_, centre, radius, cv::Scalar(235, 235, 235), std::max(1, size_.height / 240), cv::LINE_AA);
}

cv::Rect StillScene::strip(double from, double to) const {
  const int top = cvRound(size_.height * from), bottom = cvRound(size_.height * to);
  return {0, top, size_.width, std::max(1, bottom - top)};
}

cv::Rect StillScene::constant_region() const { return strip(0, kTexture); }
cv::Rect StillScene::clock_region() const { return strip(kTrack, 1); }

cv::Rect StillScene::block(double time_s) const {
  const cv::Rect track = strip(kTexture, kTrack);
  const double lap = time_s / kLapSeconds - std::floor(time_s / kLapSeconds);
  const double along = lap < 0.5 ? 2 * lap : 2 - 2 * lap;
  const int side = std::max(2, track.height - 4);
  return {cvRound(along * (track.width - side)), track.y + 2, side, std::min(side, track.height - 2)};
}

cv::Mat StillScene::render(double time_s) {
  cv::Mat picture = card_.clone();
  cv::rectangle(picture, block(time_s), cv::Scalar(40, 200, 250), cv::FILLED);
  std::array<char, 32> clock{};
  std::snprintf(clock.data(), clock.size(), "%07.1f s", std::floor(time_s * 10 + 1e-6) / 10);
  const cv::Rect line = clock_region();
  draw_text(picture, clock.data(), {line.x + line.height / 4, line.y + line.height / 5},
            {.height_px = line.height * 0.55, .colour = cv::Scalar(245, 245, 245)});
  return picture;
}

Truth StillScene::truth(double) const { return {}; }

}  // namespace lynceus::scenes
