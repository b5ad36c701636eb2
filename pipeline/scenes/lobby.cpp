#include "pipeline/scenes/lobby.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "pipeline/scenes/painter.h"

namespace lynceus::scenes {
namespace {

constexpr double kBackWall_m = 12.5, kTile_m = 0.6, kStride_m = 1.42;
constexpr double kNoiseDay = 2, kNoiseNight = 6;

GroundCamera::Settings camera_settings(cv::Size size) {
  // Wide enough for the same floor whatever the format of the picture.
  const double focal = 0.866 * std::max<double>(size.width, size.height * 4.0 / 3);
  return {.size = size, .height_m = 3.2, .pitch_degrees = 18, .focal_px = focal};
}

/// Stone tiles with joints that get thinner, and fade, with distance.
cv::Mat tiled_floor(const GroundCamera& camera, std::uint64_t seed) {
  const cv::Mat map = ground_map(camera);
  const cv::Mat stone = fractal_noise(camera.size(), camera.size().width / 25.0, 4, hash(seed, 11));
  cv::Mat floor(camera.size(), CV_8UC3, cv::Scalar(118, 124, 130));
  for (int y = 0; y < map.rows; ++y) {
    for (int x = 0; x < map.cols; ++x) {
      const cv::Vec2d& at = map.at<cv::Vec2d>(y, x);
      if (std::isnan(at[0])) continue;
      const double column = std::floor(at[0] / kTile_m), row = std::floor(at[1] / kTile_m);
      const auto tile = static_cast<std::uint64_t>(static_cast<std::int64_t>(column * 1000 + row) + 500000);
      const double pixel_m = camera.height_m() / 400 * at[1] / 4 * 640 / camera.size().width;
      const double joint = std::max(0.012, pixel_m);
      const double in_x = at[0] / kTile_m - column, in_y = at[1] / kTile_m - row;
      const bool on_joint = std::min(in_x, in_y) * kTile_m < joint;
      const double fade = std::clamp(1.3 - at[1] / 14, 0.15, 1.0);
      const double level = 128 + 26 * (hash01(seed, tile) - 0.5) * fade + 30 * (stone.at<float>(y, x) - 0.5) -
                           (on_joint ? 26 * fade : 0) - 1.5 * at[1];
      floor.at<cv::Vec3b>(y, x) = {cv::saturate_cast<uchar>(level * 0.93), cv::saturate_cast<uchar>(level * 0.98),
                                   cv::saturate_cast<uchar>(level)};
    }
  }
  return floor;
}

void add_grain(cv::Mat& picture, double strength, std::uint64_t seed) {
  cv::Mat grain = fractal_noise(picture.size(), 9, 3, seed), grain_bgr;
  grain.convertTo(grain, CV_8U, 2 * strength);
  cv::cvtColor(grain, grain_bgr, cv::COLOR_GRAY2BGR);
  picture += grain_bgr;
  picture -= cv::Scalar::all(strength);
}

/// A lamp beside the lens: bright in the middle, fading to the corners.
cv::Mat lamp_light(cv::Size size) {
  cv::Mat light(size, CV_8U);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double dx = 2.0 * x / size.width - 1, dy = 2.0 * y / size.height - 1.1;
      light.at<uchar>(y, x) = cv::saturate_cast<uchar>(50 + 150 * std::exp(-1.1 * (dx * dx + dy * dy)));
    }
  }
  return light;
}

}  // namespace

GroundCamera LobbyScene::camera_for(cv::Size size) { return GroundCamera(camera_settings(size)); }

LobbyScene::LobbyScene(const SceneSettings& settings)
    : settings_(settings),
      camera_(camera_settings(settings.size)),
      hall_(hall()),
      lamp_(lamp_light(settings.size)),
      noise_(settings.size, settings.night ? kNoiseNight : kNoiseDay, hash(settings.seed, 12)) {
  const std::vector<cv::Point2d> round{{-2.2, 5.2}, {0.5, 5.0}, {2.5, 6.2}, {1.5, 8.5}, {-1.5, 8.8}, {-3.2, 7.0}};
  const std::vector<cv::Point2d> across{{3.1, 7.3}, {0.0, 6.6}, {-3.0, 7.6}, {-3.4, 8.6}, {0.0, 7.7}, {3.4, 8.6}};
  const std::vector<cv::Point2d> door{{2.2, 10.6}, {1.0, 8.0}, {-0.6, 5.6}, {-1.5, 4.9}, {-1.6, 6.0}, {0.6, 9.6}};
  const auto look = [&](int number) { return figure_look(settings.seed, number); };
  const double late = 3.0 * hash01(settings.seed, 13);
  visitors_.push_back({Walk(round, 1.20, late), 0.32, look(0)});
  visitors_.push_back({Walk(round, 1.20, late + 0.1), -0.36, look(1)});
  visitors_.push_back({Walk(across, 1.35, 2 + late), 0, look(2)});
  visitors_.push_back({Walk(door, 1.25, 9 + late), 0, look(3)});
  visitors_.push_back({Walk(across, 1.10, 11.5 + late), 0, look(4)});
}

cv::Mat LobbyScene::hall() const {
  cv::Mat picture = tiled_floor(camera_, settings_.seed);
  Painter painter(camera_, picture);
  const double y = kBackWall_m;
  painter.face({{-12, y, 0}, {12, y, 0}, {12, y, 5}, {-12, y, 5}}, {cv::Scalar(150, 162, 168)});
  painter.face({{-12, y, 0}, {12, y, 0}, {12, y, 0.14}, {-12, y, 0.14}}, {cv::Scalar(90, 95, 100)});
  painter.face({{1.6, y, 0}, {2.9, y, 0}, {2.9, y, 2.3}, {1.6, y, 2.3}}, {cv::Scalar(85, 100, 110)});
  painter.face({{1.7, y, 0}, {2.22, y, 0}, {2.22, y, 2.2}, {1.7, y, 2.2}}, {cv::Scalar(140, 120, 95)});
  painter.face({{2.28, y, 0}, {2.8, y, 0}, {2.8, y, 2.2}, {2.28, y, 2.2}}, {cv::Scalar(140, 120, 95)});
  painter.face({{-4.6, y, 1.2}, {-2.4, y, 1.2}, {-2.4, y, 2.2}, {-4.6, y, 2.2}}, {cv::Scalar(110, 90, 70)});
  painter.face({{-4.5, y, 1.3}, {-2.5, y, 1.3}, {-2.5, y, 2.1}, {-4.5, y, 2.1}}, {cv::Scalar(150, 140, 110)});
  painter.box({-1.6, y - 1.0, 0}, {0.4, y - 0.3, 1.05}, {cv::Scalar(95, 120, 150)});
  cv::GaussianBlur(picture, picture, {3, 3}, 0.6);  // a lens is never as sharp as a polygon
  add_grain(picture, 9, hash(settings_.seed, 14));
  return picture;
}

FigurePose LobbyScene::pose(const Visitor& visitor, double time_s) const {
  const Walk::State state = visitor.walk.at(time_s);
  const cv::Point2d left(-std::sin(state.heading), std::cos(state.heading));
  return {state.ground + visitor.beside_m * left, state.heading,
          2 * std::numbers::pi * state.travelled_m / kStride_m + visitor.beside_m * 4};
}

std::vector<std::size_t> LobbyScene::far_to_near(double time_s) const {
  std::vector<std::size_t> order(visitors_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return pose(visitors_[a], time_s).ground.y > pose(visitors_[b], time_s).ground.y;
  });
  return order;
}

cv::Mat LobbyScene::by_night(const cv::Mat& picture, double time_s) const {
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  cv::multiply(grey, lamp_, grey, 1.0 / 255);
  noise_.add(grey, frame_key(time_s));
  cv::Mat out;
  cv::cvtColor(grey, out, cv::COLOR_GRAY2BGR);
  return out;
}

cv::Mat LobbyScene::render(double time_s) {
  cv::Mat picture = hall_.clone();
  for (const std::size_t i : far_to_near(time_s)) {
    draw_figure(picture, camera_, visitors_[i].look, pose(visitors_[i], time_s));
  }
  if (settings_.night) return by_night(picture, time_s);
  noise_.add(picture, frame_key(time_s));
  return picture;
}

Truth LobbyScene::truth(double time_s) const {
  Truth truth;
  const cv::Rect2d picture({0, 0}, cv::Size2d(settings_.size));
  for (std::size_t i = 0; i < visitors_.size(); ++i) {
    const FigurePose where = pose(visitors_[i], time_s);
    const cv::Rect2d whole = figure_box(camera_, visitors_[i].look, where), seen = whole & picture;
    if (seen.area() < 0.25 * whole.area()) continue;
    truth.people.push_back(seen);
    truth.people_ids.push_back(static_cast<int>(i) + 1);
    truth.people_ground_m.push_back(where.ground);
  }
  return truth;
}

}  // namespace lynceus::scenes
