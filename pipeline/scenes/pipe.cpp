#include "pipeline/scenes/pipe.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "pipeline/scenes/palette.h"
#include "pipeline/scenes/text.h"

namespace lynceus::scenes {
namespace {

constexpr double kWall = 21, kInsulation = 33.5, kWater = 68;
constexpr double kNetd = 7;         // 1/100 K
constexpr double kAxis = 0.58;      // of the height
constexpr double kThickness = 0.2;  // insulation's diameter, of the height
constexpr double kBarePart = 0.58;  // bare pipe's diameter, of the insulation's
constexpr double kGrowth_s = 10;    // damage grows that long

/// How warm a round surface looks at `offset` (−1..1) across it: the limb is seen at a slant and looks cooler.
double lambert(double offset) { return std::pow(std::max(0.0, 1 - offset * offset), 0.18); }

double smooth(double from, double to, double value) {
  const double part = std::clamp((value - from) / (to - from), 0.0, 1.0);
  return part * part * (3 - 2 * part);
}

short centi(double celsius) { return cv::saturate_cast<short>(celsius * 100); }

}  // namespace

PipeScene::PipeScene(const SceneSettings& settings)
    : settings_(settings),
      healthy_(wall_and_pipe()),
      netd_(settings.size, kNetd, settings.seed),
      palette_(iron_palette()),
      overlay_(overlay()) {
  cv::inRange(overlay_, cv::Scalar(1, 1, 1), cv::Scalar(255, 255, 255), overlay_mask_);
}

cv::Rect PipeScene::pipe() const {
  const int height = cvRound(settings_.size.height * kThickness);
  return {0, cvRound(settings_.size.height * kAxis) - height / 2, settings_.size.width, height};
}

cv::Rect PipeScene::scale_bar() const {
  const cv::Size size = settings_.size;
  const int width = std::max(6, size.width / 40);
  return {size.width - 2 * width, size.height / 8, width, size.height * 3 / 4};
}

double PipeScene::age(double time_s) const { return settings_.fault_at_s < 0 ? -1 : time_s - settings_.fault_at_s; }

cv::Rect PipeScene::defect(double time_s) const {
  const double old = age(time_s);
  if (old < 0) return {};
  const cv::Rect around = pipe();
  const cv::Size size = settings_.size;
  if (old < kMissingAfter_s) {
    const double grown = 0.35 + 0.65 * smooth(0, kGrowth_s, old);
    const cv::Size spot(cvRound(grown * 0.062 * size.width), cvRound(grown * 0.42 * around.height));
    return {size.width * 45 / 100 - spot.width / 2, around.y + around.height * 2 / 5 - spot.height / 2, spot.width,
            spot.height};
  }
  const double grown = 0.6 + 0.4 * smooth(0, kGrowth_s, old - kMissingAfter_s);
  const int width = cvRound(grown * 0.088 * size.width);
  return {size.width * 45 / 100 - width / 2, around.y, width, around.height};
}

cv::Mat PipeScene::wall_and_pipe() const {
  const cv::Size size = settings_.size;
  const cv::Rect around = pipe();
  const cv::Mat plaster = fractal_noise(size, size.width / 6.0, 5, hash(settings_.seed, 1));
  const cv::Mat wrap = fractal_noise(size, size.width / 20.0, 4, hash(settings_.seed, 2));
  cv::Mat field(size, CV_16S);
  const double axis = around.y + around.height / 2.0, radius = around.height / 2.0;
  for (int y = 0; y < size.height; ++y) {
    const double across = (y + 0.5 - axis) / radius;
    const double on_pipe = smooth(1.02, 0.98, std::abs(across));
    for (int x = 0; x < size.width; ++x) {
      const double dx = 2.0 * x / size.width - 1, dy = 2.0 * y / size.height - 1;
      const double vignette = 0.6 * (dx * dx + dy * dy) / 2;
      const double wall = kWall + 2.0 * plaster.at<float>(y, x) - 1.0 + 1.2 * std::exp(-2.0 * std::abs(across));
      const double surface = kWall + (kInsulation - kWall) * lambert(across) + 1.2 * (wrap.at<float>(y, x) - 0.5);
      field.at<short>(y, x) = centi(wall + on_pipe * (surface - wall) - vignette);
    }
  }
  return field;
}

void PipeScene::add_damage(cv::Mat& field, double time_s) const {
  const cv::Rect spot = defect(time_s);
  const double hot = kInsulation + (kWater - 6 - kInsulation) * smooth(-6, kGrowth_s, age(time_s));
  const cv::Point2d middle(spot.x + spot.width / 2.0, spot.y + spot.height / 2.0);
  const cv::Rect reach = (spot + cv::Size(spot.width, spot.height) - cv::Point(spot.width / 2, spot.height / 2)) &
                         cv::Rect({0, 0}, field.size());
  for (int y = reach.y; y < reach.br().y; ++y) {
    for (int x = reach.x; x < reach.br().x; ++x) {
      const double dx = (x + 0.5 - middle.x) / (spot.width / 2.0), dy = (y + 0.5 - middle.y) / (spot.height / 2.0);
      const double turn = std::atan2(dy, dx);
      const double ragged = 1 + 0.12 * std::sin(3 * turn + 1) + 0.07 * std::sin(7 * turn);  // torn, not round
      const double inside = smooth(1.1, 0.85, std::hypot(dx, dy) / ragged);
      short& here = field.at<short>(y, x);
      here = cv::saturate_cast<short>(here + inside * (centi(hot) - here));
    }
  }
}

void PipeScene::remove_section(cv::Mat& field, double time_s) const {
  const cv::Rect gap = defect(time_s);
  const double axis = gap.y + gap.height / 2.0, radius = gap.height / 2.0;
  const cv::Rect reach = (gap + cv::Size(8, 4) - cv::Point(4, 2)) & cv::Rect({0, 0}, field.size());
  for (int y = reach.y; y < reach.br().y; ++y) {
    const double across = (y + 0.5 - axis) / radius;
    const double bare = across / kBarePart;
    const double pipe_here = smooth(1.03, 0.97, std::abs(bare));
    const double wall = kWall + 2.5 * std::exp(-3 * (std::abs(across) - kBarePart));  // warmed by the bare metal
    const double celsius = wall + pipe_here * (kWall + (kWater - kWall) * lambert(bare) - wall);
    for (int x = reach.x; x < reach.br().x; ++x) {
      const double turn = y * 400.0 / field.rows;  // the insulation broke along an uneven line
      const double wobble = (1.6 * std::sin(turn * 0.21) + std::sin(turn * 0.53)) * field.rows / 480;
      const double inside = smooth(1.0, -1.0, std::abs(x + 0.5 - gap.x - gap.width / 2.0) - gap.width / 2.0 + wobble);
      short& here = field.at<short>(y, x);
      here = cv::saturate_cast<short>(here + inside * (centi(celsius) - here));
    }
  }
}

cv::Mat PipeScene::centi_celsius(double time_s) const {
  cv::Mat field = healthy_.clone();
  if (age(time_s) >= kMissingAfter_s) {
    remove_section(field, time_s);
  } else if (age(time_s) >= 0) {
    add_damage(field, time_s);
  }
  field += netd_.part(frame_key(time_s));
  return field;
}

cv::Mat PipeScene::overlay() const {
  const cv::Size size = settings_.size;
  cv::Mat layer = cv::Mat::zeros(size, CV_8UC3);
  const cv::Rect bar = scale_bar();
  for (int row = 0; row < bar.height; ++row) {
    const int entry = 255 - row * 255 / (bar.height - 1);
    cv::Vec3b colour = palette_.at<cv::Vec3b>(0, entry);
    layer(cv::Rect(bar.x, bar.y + row, bar.width, 1))
        .setTo(cv::Scalar(colour[0], std::max<int>(colour[1], 1), std::max<int>(colour[2], 1)));
  }
  const TextStyle style{.height_px = std::max(8.0, size.height / 40.0), .colour = cv::Scalar(255, 255, 255)};
  const auto label = [&](double celsius, int top) {
    char text[16];
    std::snprintf(text, sizeof text, "%.0f", celsius);
    const cv::Size letters = text_size(text, style);
    draw_text(layer, text, {std::min(bar.x + (bar.width - letters.width) / 2, size.width - letters.width - 2), top},
              style);
  };
  const int letter = text_size("0", style).height;
  label(kHigh_celsius, bar.y - letter - letter / 2);
  label(kLow_celsius, bar.br().y + letter / 2);
  const int edge = std::max(2, letter / 2);
  draw_text(layer, "C", {size.width - letter - edge, edge}, style);
  cv::circle(layer, {size.width - letter - 2 * edge, edge + letter / 4}, std::max(1, letter / 5),
             cv::Scalar(255, 255, 255));
  draw_text(layer, "LYNCEUS", {edge, size.height - letter - edge}, style);
  const cv::Point spot(size.width * 42 / 100, size.height * 3 / 10);
  const int arm = std::max(4, size.height / 40);
  for (const cv::Point way : {cv::Point(1, 0), {-1, 0}, {0, 1}, {0, -1}}) {
    cv::line(layer, spot + way * (arm / 3), spot + way * arm, cv::Scalar(255, 255, 255));
  }
  return layer;
}

cv::Mat PipeScene::render(double time_s) {
  cv::Mat grey;
  const double gain = 255 / (100 * (kHigh_celsius - kLow_celsius));
  centi_celsius(time_s).convertTo(grey, CV_8U, gain, -kLow_celsius * 100 * gain);
  cv::Mat picture = colourise(grey, palette_);
  overlay_.copyTo(picture, overlay_mask_);
  return picture;
}

std::optional<cv::Mat> PipeScene::radiometric(double time_s) {
  cv::Mat kelvin;
  centi_celsius(time_s).convertTo(kelvin, CV_16U, 1, 27315);
  return kelvin;
}

Truth PipeScene::truth(double time_s) const {
  Truth truth;
  truth.min_celsius = kLow_celsius;
  truth.max_celsius = kHigh_celsius;
  truth.fault = age(time_s) >= 0;
  if (truth.fault) truth.fault_kind = age(time_s) < kMissingAfter_s ? "insulation_damaged" : "insulation_missing";
  return truth;
}

}  // namespace lynceus::scenes
