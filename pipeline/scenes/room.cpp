#include "pipeline/scenes/room.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

namespace lynceus::scenes {
namespace {

constexpr double kHalfWidth = 2.4, kDepth = 6.2, kHeight = 2.6;  // of the room, metres
constexpr double kDoorFrom = 0.55, kDoorTo = 1.5, kDoorTop = 2.05;
constexpr double kRearrangedAfter_s = 12, kVisitFrom_s = -9, kVisitTo_s = -3;  // from the fault on

GroundCamera::Settings camera_settings(cv::Size size) {
  const double focal = 0.82 * std::max<double>(size.width, size.height * 4.0 / 3);
  return {.size = size, .height_m = 2.3, .pitch_degrees = 17, .focal_px = focal};
}

/// Planks along Y, each with its own tone and grain.
void draw_planks(cv::Mat& picture, const GroundCamera& camera, std::uint64_t seed) {
  const cv::Mat map = ground_map(camera);
  const cv::Mat grain = fractal_noise(picture.size(), picture.cols / 30.0, 4, hash(seed, 31));
  for (int y = 0; y < map.rows; ++y) {
    for (int x = 0; x < map.cols; ++x) {
      const cv::Vec2d& at = map.at<cv::Vec2d>(y, x);
      if (std::isnan(at[0])) continue;
      const double plank = std::floor(at[0] / 0.16),
                   shift = 1.7 * hash01(seed, static_cast<std::uint64_t>(plank + 500));
      const double piece = std::floor((at[1] + shift) / 1.2);
      const double tone = hash01(seed, static_cast<std::uint64_t>(plank * 100 + piece + 70000)) - 0.5;
      const double gap = at[0] / 0.16 - plank < 0.07 ? 28 : 0;
      const double level = 128 + 26 * tone + 26 * (grain.at<float>(y, x) - 0.5) - gap;
      picture.at<cv::Vec3b>(y, x) = {cv::saturate_cast<uchar>(level * 0.62), cv::saturate_cast<uchar>(level * 0.86),
                                     cv::saturate_cast<uchar>(level * 1.12)};
    }
  }
}

void add_texture(cv::Mat& picture, std::uint64_t seed) {
  cv::Mat grain = fractal_noise(picture.size(), 11, 4, seed), grain_bgr;
  grain.convertTo(grain, CV_8U, 18);
  cv::cvtColor(grain, grain_bgr, cv::COLOR_GRAY2BGR);
  picture += grain_bgr;
  picture -= cv::Scalar::all(9);
}

}  // namespace

RoomScene::RoomScene(const SceneSettings& settings)
    : settings_(settings),
      camera_(camera_settings(settings.size)),
      free_(view(Stage::free)),
      blocked_(view(Stage::blocked)),
      rearranged_(view(Stage::rearranged)),
      noise_(settings.size, settings.night ? 4.5 : 1.6, hash(settings.seed, 32)) {}

void RoomScene::draw_shell(View& view) const {
  draw_planks(view.picture, camera_, settings_.seed);
  Painter painter(camera_, view.picture, &view.labels);
  const double w = kHalfWidth, d = kDepth, h = kHeight;
  const cv::Scalar wall(176, 194, 200), white(215, 220, 222);
  painter.face({{-w, 0, h}, {w, 0, h}, {w, d, h}, {-w, d, h}}, {white, kStructure});
  painter.face({{-w, 0, 0}, {-w, d, 0}, {-w, d, h}, {-w, 0, h}}, {wall, kStructure, 0.80});
  painter.face({{w, 0, 0}, {w, d, 0}, {w, d, h}, {w, 0, h}}, {wall, kStructure, 0.88});
  painter.face({{-w, d, 0}, {w, d, 0}, {w, d, h}, {-w, d, h}}, {wall, kStructure});
  for (const double side : {-w, w}) {
    painter.face({{side, 0, 0}, {side, d, 0}, {side, d, 0.1}, {side, 0, 0.1}}, {white, kStructure, 0.85});
  }
  painter.face({{-w, d, 0}, {w, d, 0}, {w, d, 0.1}, {-w, d, 0.1}}, {white, kStructure, 0.95});
  const double from = kDoorFrom, to = kDoorTo, top = kDoorTop;
  painter.face({{from - 0.09, d, 0}, {to + 0.09, d, 0}, {to + 0.09, d, top + 0.09}, {from - 0.09, d, top + 0.09}},
               {cv::Scalar(120, 150, 175), kStructure});
  // The corridor behind: its far wall, then its floor, which goes on from the room's.
  painter.face({{from, d, 0}, {to, d, 0}, {to, d, top}, {from, d, top}}, {cv::Scalar(92, 98, 100), kStructure});
  const double seen = kDepth + 0.9;
  painter.face({{from, d, 0}, {to, d, 0}, {to - 0.08, seen, 0}, {from + 0.02, seen, 0}},
               {cv::Scalar(62, 86, 112), kFloor});
  // A window on the right wall.
  painter.face({{w, 3.2, 1.0}, {w, 4.6, 1.0}, {w, 4.6, 2.1}, {w, 3.2, 2.1}}, {white, kStructure});
  painter.face({{w, 3.28, 1.08}, {w, 3.86, 1.08}, {w, 3.86, 2.02}, {w, 3.28, 2.02}},
               {cv::Scalar(235, 215, 190), kStructure});
  painter.face({{w, 3.94, 1.08}, {w, 4.52, 1.08}, {w, 4.52, 2.02}, {w, 3.94, 2.02}},
               {cv::Scalar(235, 215, 190), kStructure});
}

void RoomScene::draw_furniture(Painter& painter, bool rearranged) const {
  cv::Point3d aside;  // of what is drawn next
  const auto box = [&](const cv::Point3d& low, const cv::Point3d& high, const cv::Scalar& colour) {
    painter.box(low + aside, high + aside, {colour, kFurniture});
  };
  const cv::Scalar oak(62, 98, 140), cloth(120, 92, 70), walnut(45, 66, 96);
  // Shelf against the back wall, left of the door: back board, then boards.
  box({-2.1, 5.85, 0}, {-0.9, 6.15, 1.9}, walnut * 0.7);
  for (const double up : {0.05, 0.5, 0.95, 1.4, 1.86}) box({-2.12, 5.78, up}, {-0.88, 5.86, up + 0.05}, walnut * 1.4);
  for (const double x : {-2.12, -0.93}) box({x, 5.78, 0}, {x + 0.05, 5.86, 1.9}, walnut * 1.4);
  // Sofa along the left wall: back, seat, arms, cushions.
  if (rearranged) aside = {1.1, 0.4, 0};
  box({-2.38, 2.5, 0.05}, {-2.1, 4.7, 0.85}, cloth);
  box({-2.1, 2.6, 0.08}, {-1.45, 4.6, 0.45}, cloth * 1.15);
  box({-2.1, 4.5, 0.05}, {-1.45, 4.72, 0.64}, cloth * 0.95);
  box({-2.08, 3.55, 0.45}, {-1.55, 4.46, 0.52}, cloth * 1.3);
  box({-2.08, 2.72, 0.45}, {-1.55, 3.5, 0.52}, cloth * 1.3);
  box({-2.1, 2.48, 0.05}, {-1.45, 2.7, 0.64}, cloth * 0.95);
  // Table with four legs.
  aside = rearranged ? cv::Point3d(0.9, -0.9, 0) : cv::Point3d();
  for (const double y : {4.35, 3.35}) {
    for (const double x : {-0.55, 0.45}) box({x, y, 0}, {x + 0.07, y + 0.07, 0.68}, oak * 0.8);
  }
  box({-0.65, 3.3, 0.68}, {0.6, 4.5, 0.74}, oak * 1.1);
  // Cupboard on the right.
  aside = {};
  box({1.95, 2.2, 0}, {2.4, 3.3, 0.85}, oak);
  box({1.93, 2.24, 0.08}, {1.95, 2.72, 0.8}, oak * 1.15);
  box({1.93, 2.78, 0.08}, {1.95, 3.26, 0.8}, oak * 1.15);
}

void RoomScene::draw_props(Painter& painter, bool vase) const {
  const double d = kDepth - 0.01;
  painter.face({{-0.55, d, 1.2}, {0.2, d, 1.2}, {0.2, d, 1.85}, {-0.55, d, 1.85}}, {cv::Scalar(50, 60, 70), kProps});
  painter.face({{-0.5, d, 1.25}, {0.15, d, 1.25}, {0.15, d, 1.8}, {-0.5, d, 1.8}}, {cv::Scalar(170, 150, 110), kProps});
  painter.face({{-0.5, d, 1.25}, {0.15, d, 1.25}, {0.15, d, 1.42}, {-0.5, d, 1.5}}, {cv::Scalar(70, 130, 100), kProps});
  if (vase) {  // on the table
    painter.frustum({-0.05, 3.85, 0.13, 0.13}, 0.74, {-0.08, 3.82, 0.2, 0.2}, 0.92, {cv::Scalar(150, 90, 40), kProps});
    painter.frustum({-0.08, 3.82, 0.2, 0.2}, 0.92, {-0.03, 3.87, 0.09, 0.09}, 1.06, {cv::Scalar(150, 90, 40), kProps});
  }
  for (int book = 0; book < 9; ++book) {
    const double x = -2.03 + 0.075 * book,
                 tall = 0.24 + 0.08 * hash01(settings_.seed, static_cast<std::uint64_t>(book));
    const double tint = hash01(settings_.seed, static_cast<std::uint64_t>(book + 20));
    painter.box({x, 5.76, 1.0}, {x + 0.065, 5.84, 1.0 + tall},
                {cv::Scalar(60 + 120 * tint, 70 + 40 * tint, 170 - 110 * tint), kProps});
  }
  painter.box({-1.35, 5.74, 0.55}, {-1.0, 5.84, 0.8}, {cv::Scalar(80, 130, 165), kProps});
  painter.box({2.0, 2.5, 0.85}, {2.3, 2.95, 1.1}, {cv::Scalar(60, 60, 62), kProps});
}

void RoomScene::draw_shadows(View& view, Stage stage) const {
  cv::Mat dark = cv::Mat(settings_.size, CV_8UC3, cv::Scalar::all(255));
  Painter painter(camera_, dark);
  const auto under = [&](double x0, double y0, double x1, double y1, double level) {
    painter.face({{x0, y0, 0}, {x1, y0, 0}, {x1, y1, 0}, {x0, y1, 0}}, {cv::Scalar::all(level)});
  };
  const bool rearranged = stage == Stage::rearranged;
  const double x = rearranged ? 1.1 : 0, y = rearranged ? 0.4 : 0, tx = rearranged ? 0.9 : 0,
               ty = rearranged ? -0.9 : 0;
  under(-kHalfWidth + x, 2.4 + y, -1.25 + x, 4.8 + y, 150);
  under(-0.75 + tx, 3.2 + ty, 0.6 + tx, 4.5 + ty, 170);
  under(1.75, 2.1, kHalfWidth, 3.4, 150);
  under(-2.2, 5.5, -0.8, kDepth, 150);
  if (stage != Stage::free) under(0.4, 4.85, 1.7, kDepth, 140);
  const int soft = 2 * (settings_.size.width / 50) + 1;
  cv::blur(dark, dark, {soft, soft});
  cv::multiply(view.picture, dark, view.picture, 1.0 / 255);
}

RoomScene::View RoomScene::view(Stage stage) const {
  View view{cv::Mat(settings_.size, CV_8UC3, cv::Scalar::all(120)), cv::Mat(settings_.size, CV_8U, cv::Scalar(kFloor))};
  draw_shell(view);
  draw_shadows(view, stage);
  Painter painter(camera_, view.picture, &view.labels);
  const cv::Scalar cardboard(95, 140, 175);
  if (stage != Stage::free) {
    painter.box({0.6, 5.35, 0}, {1.2, 5.9, 0.55}, {cardboard, kProps});
    painter.box({0.72, 5.4, 0.55}, {1.22, 5.85, 1.0}, {cardboard * 0.92, kProps});
    painter.box({1.05, 5.05, 0}, {1.55, 5.5, 0.45}, {cardboard * 1.05, kProps});
  }
  draw_furniture(painter, stage == Stage::rearranged);
  draw_props(painter, stage != Stage::rearranged);
  cv::GaussianBlur(view.picture, view.picture, {3, 3}, 0.55);
  add_texture(view.picture, hash(settings_.seed, 33));
  if (settings_.night) view.picture = view.picture * 0.22;
  return view;
}

RoomScene::Stage RoomScene::stage(double time_s) const {
  if (settings_.fault_at_s < 0 || time_s < settings_.fault_at_s) return Stage::free;
  return time_s < settings_.fault_at_s + kRearrangedAfter_s ? Stage::blocked : Stage::rearranged;
}

const RoomScene::View& RoomScene::view_at(double time_s) const {
  const Stage now = stage(time_s);
  return now == Stage::free ? free_ : now == Stage::blocked ? blocked_ : rearranged_;
}

/// Who stands is never quite still.
std::optional<FigurePose> RoomScene::visitor(double time_s) const {
  const double since = time_s - settings_.fault_at_s;
  if (settings_.fault_at_s < 12 || since < kVisitFrom_s || since >= kVisitTo_s) return std::nullopt;
  return FigurePose{{1.0 + 0.025 * std::sin(1.9 * time_s), 5.6 + 0.02 * std::sin(1.3 * time_s)},
                    -1.57,
                    0.25 * std::sin(1.1 * time_s)};
}

cv::Rect RoomScene::doorway() const {
  const cv::Point2d low = camera_.pixel({kDoorFrom, kDepth, 0}), high = camera_.pixel({kDoorTo, kDepth, kDoorTop});
  return cv::Rect(cv::Point(low), cv::Point(high)) & cv::Rect({0, 0}, settings_.size);
}

std::vector<cv::Point2d> RoomScene::way_out() const {
  std::vector<cv::Point2d> out;
  for (const cv::Point3d& at : {cv::Point3d(kDoorFrom - 0.05, kDepth, 0),
                                {kDoorTo + 0.1, kDepth, 0},
                                {kDoorTo + 0.1, 4.9, 0},
                                {kDoorFrom - 0.05, 4.9, 0}}) {
    out.push_back(camera_.pixel(at));
  }
  return out;
}

cv::Mat RoomScene::render(double time_s) {
  cv::Mat picture = view_at(time_s).picture.clone();
  if (const auto pose = visitor(time_s)) {
    draw_figure(picture, camera_, figure_look(settings_.seed, 1), *pose, settings_.night ? 0.22 : 1);
  }
  noise_.add(picture, frame_key(time_s));
  return picture;
}

std::optional<cv::Mat> RoomScene::labels(double time_s) {
  cv::Mat labels = view_at(time_s).labels.clone();
  const auto pose = visitor(time_s);
  if (!pose) return labels;
  // Where nothing shines through a figure, it stands.
  cv::Mat dark(settings_.size, CV_8UC3, cv::Scalar::all(0)), bright(settings_.size, CV_8UC3, cv::Scalar::all(255)),
      through;
  for (cv::Mat* canvas : {&dark, &bright}) draw_figure(*canvas, camera_, figure_look(settings_.seed, 1), *pose);
  cv::absdiff(dark, bright, through);
  cv::cvtColor(through, through, cv::COLOR_BGR2GRAY);
  labels.setTo(cv::Scalar(kProps), through < 64);
  return labels;
}

Truth RoomScene::truth(double time_s) const {
  Truth truth;
  truth.fault = stage(time_s) != Stage::free;
  if (truth.fault) truth.fault_kind = "exit_blocked";
  const auto pose = visitor(time_s);
  if (!pose) return truth;
  const cv::Rect2d seen =
      figure_box(camera_, figure_look(settings_.seed, 1), *pose) & cv::Rect2d({0, 0}, cv::Size2d(settings_.size));
  if (seen.empty()) return truth;
  truth.people = {seen};
  truth.people_ids = {1};
  truth.people_ground_m = {pose->ground};
  return truth;
}

}  // namespace lynceus::scenes
