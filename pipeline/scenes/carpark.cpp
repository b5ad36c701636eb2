#include "pipeline/scenes/carpark.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace lynceus::scenes {
namespace {

constexpr double kPathNear = 11.2, kPathFar = 13.2;                                                // footpath in front
constexpr double kNearBays = 15, kLane = 20.5, kLaneEnd = 27.5, kFarBaysEnd = 33, kGrassEnd = 40;  // along Y
constexpr double kBayWidth = 2.6, kBayReach = 30;  // bays reach that far to both sides
constexpr double kSpeed = 9.0, kFarSide = 30;      // of the car that drives
constexpr double kNightAmbient = 0.11;
constexpr double kNoiseDay = 1.8, kNoiseNight = 4;
constexpr double kBeam_m = 13;
const std::array<cv::Point2d, 4> kLamps{cv::Point2d(-10, 28.2), {10, 28.2}, {-7, 14.2}, {7.5, 14.2}};
constexpr int kFrontLabel = kVehicleLabel;
constexpr double kLampHeight = 5.2;

GroundCamera::Settings camera_settings(cv::Size size) {
  const double focal = 0.9 * std::max<double>(size.width, size.height * 4.0 / 3);
  return {.size = size, .height_m = 8, .pitch_degrees = 21, .focal_px = focal};
}

const std::array<cv::Scalar, 7> kPaints{cv::Scalar(150, 150, 155), {45, 45, 50}, {60, 50, 150}, {140, 85, 45},
                                        {205, 208, 208},           {80, 95, 75}, {90, 70, 60}};

/// Cars in the bays of one row; some bays are empty, always the same ones.
std::vector<Vehicle> parked(double y, std::uint64_t seed) {
  std::vector<Vehicle> cars;
  for (int bay = -10; bay < 10; ++bay) {
    const auto number = static_cast<std::uint64_t>(bay + 10);
    if (hash01(seed, number) < 0.35) continue;
    const auto paint = static_cast<std::size_t>(hash01(seed, number + 50) * 6.999);
    const double off = 0.3 * (hash01(seed, number + 90) - 0.5);
    cars.push_back({.centre = {(bay + 0.5) * kBayWidth + off, y + off},
                    .towards_low = hash01(seed, number + 150) < 0.5,
                    .colour = kPaints[paint]});
  }
  const auto farther = [](const Vehicle& a, const Vehicle& b) { return std::abs(a.centre.x) > std::abs(b.centre.x); };
  std::sort(cars.begin(), cars.end(), farther);
  return cars;
}

struct House {
  double x, width, height;
  cv::Scalar wall;
};
constexpr double kHousesAt = 44;
const std::array<House, 3> kHouses{House{-30, 19, 9.5, {120, 150, 185}}, House{-8, 14, 6.8, {175, 180, 180}},
                                   House{9, 22, 11.5, {95, 115, 160}}};

/// Lower left corners of a house's windows: along X and up.
std::vector<cv::Point2d> windows_of(const House& house) {
  std::vector<cv::Point2d> windows;
  for (double up = 1.2; up + 1.6 < house.height; up += 3) {
    for (double along = 1.4; along + 1.5 < house.width; along += 2.9) windows.emplace_back(house.x + along, up);
  }
  return windows;
}

std::vector<cv::Point3d> pane(const cv::Point2d& corner) {
  const double x = corner.x, up = corner.y, y = kHousesAt - 0.02;
  return {{x, y, up}, {x + 1.4, y, up}, {x + 1.4, y, up + 1.6}, {x, y, up + 1.6}};
}

bool marked(double x, double y) {
  const bool in_bays = (y > kNearBays && y < kLane) || (y > kLaneEnd && y < kFarBaysEnd);
  const double to_line = std::abs(x / kBayWidth - std::round(x / kBayWidth)) * kBayWidth;
  if (in_bays && std::abs(x) < kBayReach && to_line < 0.07) return true;
  const double middle = (kLane + kLaneEnd) / 2;
  return std::abs(y - middle) < 0.08 && x - 3 * std::floor(x / 3) < 1.5;
}

cv::Scalar ground_colour(double x, double y, double grain, double coarse) {
  const double rough = 26 * (grain - 0.5) + 22 * (coarse - 0.5);
  if (y > kGrassEnd) return cv::Scalar(60, 105, 85) + cv::Scalar::all(rough);
  if (y > kFarBaysEnd) return cv::Scalar(52, 112, 78) + cv::Scalar::all(2 * rough);
  if (y > kPathNear && y < kPathFar) {
    const bool joint = x - std::floor(x) < 0.05 || y - kPathNear < 0.1 || kPathFar - y < 0.1;
    return cv::Scalar::all(joint ? 120 : 155 + rough);
  }
  if (y < kPathNear) return cv::Scalar(55, 108, 80) + cv::Scalar::all(2 * rough);
  if (marked(x, y)) return cv::Scalar::all(205 + rough);
  return cv::Scalar(92, 90, 88) + cv::Scalar::all(rough);
}

/// Share of daylight that the lamps give on the floor at this point.
double lamp_light(double x, double y) {
  constexpr double kReach_m = 5.5;
  double sum = 0;
  for (const cv::Point2d& lamp : kLamps) {
    const double squared = ((x - lamp.x) * (x - lamp.x) + (y - lamp.y) * (y - lamp.y)) / (kReach_m * kReach_m);
    sum += 0.62 * std::exp(-squared);
  }
  return std::min(1.0, kNightAmbient + sum);
}

}  // namespace

CarparkScene::CarparkScene(const SceneSettings& settings)
    : settings_(settings),
      camera_(camera_settings(settings.size)),
      noise_(settings.size, settings.night ? kNoiseNight : kNoiseDay, hash(settings.seed, 21)),
      path_({{-9, 12.0}, {0, 11.7}, {9, 12.0}, {9.6, 12.5}, {0, 12.7}, {-9.6, 12.5}}, 1.3, 5),
      look_(figure_look(settings.seed, 4)) {
  albedo_ = albedo();
  background_ = albedo_.clone();  // night must not reach the surfaces: headlights show them
  front_ = cv::Mat::zeros(settings.size, CV_8U);
  cv::Mat unused = albedo_.clone();
  Painter painter(camera_, unused, &front_);
  draw_front(painter);
  if (settings.night) light_by_night();
}

void CarparkScene::draw_ground(cv::Mat& picture) const {
  const cv::Mat map = ground_map(camera_);
  const cv::Mat grain = fractal_noise(picture.size(), 7, 3, hash(settings_.seed, 23));
  const cv::Mat coarse = fractal_noise(picture.size(), picture.cols / 8.0, 4, hash(settings_.seed, 24));
  const cv::Mat clouds = fractal_noise(picture.size(), picture.cols / 3.0, 5, hash(settings_.seed, 25));
  for (int y = 0; y < map.rows; ++y) {
    for (int x = 0; x < map.cols; ++x) {
      const cv::Vec2d& at = map.at<cv::Vec2d>(y, x);
      const bool ground = !std::isnan(at[0]) && at[1] < 120;
      const double cloud = 60.0 * std::max(0.0F, clouds.at<float>(y, x) - 0.45F);
      const cv::Scalar colour = ground ? ground_colour(at[0], at[1], grain.at<float>(y, x), coarse.at<float>(y, x))
                                       : cv::Scalar(222, 196, 170) + cv::Scalar(0.4 * cloud, cloud, 1.4 * cloud);
      for (int c = 0; c < 3; ++c) picture.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<uchar>(colour[c]);
    }
  }
}

void CarparkScene::draw_far(Painter& painter) const {
  for (const House& house : kHouses) {
    painter.box({house.x, kHousesAt, 0}, {house.x + house.width, kHousesAt + 10, house.height}, {house.wall});
    for (const cv::Point2d& window : windows_of(house)) painter.face(pane(window), {cv::Scalar(105, 92, 80)});
  }
}

void CarparkScene::draw_trees(cv::Mat& picture) const {
  const std::array<cv::Point3d, 5> trees{
      cv::Point3d(-14, 36, 5.4), {-5.5, 37, 4.4}, {3.5, 36.5, 5.0}, {12, 36, 5.6}, {21, 37, 5}};
  const cv::Mat leaves = fractal_noise(picture.size(), 14, 4, hash(settings_.seed, 26));
  Painter painter(camera_, picture);
  for (const cv::Point3d& tree : trees) {
    painter.box({tree.x - 0.18, tree.y - 0.18, 0}, {tree.x + 0.18, tree.y + 0.18, tree.z * 0.6},
                {cv::Scalar(45, 62, 80)});
    cv::Mat crown = cv::Mat::zeros(picture.size(), CV_8U);
    Painter shape(camera_, crown);
    for (int i = 0; i < 7; ++i) {
      const auto salt = static_cast<std::uint64_t>(std::llround(tree.x * 10) + 1000 + i * 7);
      const double dx = 2.2 * (hash01(1, salt) - 0.5), dz = 2.0 * (hash01(2, salt) - 0.5);
      shape.disc({tree.x + dx, tree.y, tree.z * 0.72 + dz}, 0.95, {cv::Scalar(255)});
    }
    cv::Mat green(picture.size(), CV_8UC3), grey;
    leaves.convertTo(grey, CV_8U, 150, 0);
    cv::merge(std::vector<cv::Mat>{grey * 0.35, grey * 0.9, grey * 0.55}, green);
    green.copyTo(picture, crown);
  }
}

void CarparkScene::draw_lamp_posts(Painter& painter, bool near) const {
  for (const cv::Point2d& lamp : kLamps) {
    if ((lamp.y < kLane) != near) continue;
    painter.box({lamp.x - 0.07, lamp.y - 0.07, 0}, {lamp.x + 0.07, lamp.y + 0.07, kLampHeight},
                {cv::Scalar(80, 80, 80), kFrontLabel});
    painter.box({lamp.x - 0.3, lamp.y - 0.2, kLampHeight}, {lamp.x + 0.3, lamp.y + 0.2, kLampHeight + 0.18},
                {cv::Scalar(225, 235, 235), kFrontLabel});
  }
}

/// What stands between the camera and the lane.
void CarparkScene::draw_front(Painter& painter) const {
  const auto cars = parked((kNearBays + kLane) / 2 - 0.4, hash(settings_.seed, 22));
  for (const Vehicle& car : cars) draw_vehicle(painter, car);
  draw_lamp_posts(painter, true);
}

cv::Mat CarparkScene::albedo() const {
  cv::Mat picture(settings_.size, CV_8UC3);
  draw_ground(picture);
  Painter painter(camera_, picture);
  draw_far(painter);
  draw_trees(picture);
  for (const Vehicle& car : parked((kLaneEnd + kFarBaysEnd) / 2 + 0.2, hash(settings_.seed, 27)))
    draw_vehicle(painter, car);
  draw_lamp_posts(painter, false);
  draw_front(painter);
  cv::GaussianBlur(picture, picture, {3, 3}, 0.55);
  return picture;
}

void CarparkScene::draw_lit_window(Painter& painter, int number) const {
  const auto salt = static_cast<std::uint64_t>(number);
  const House& house = kHouses[static_cast<std::size_t>(number) % kHouses.size()];
  const auto windows = windows_of(house);
  const auto which =
      static_cast<std::size_t>(hash01(hash(settings_.seed, 29), salt) * 0.999 * static_cast<double>(windows.size()));
  painter.face(pane(windows[which]), {cv::Scalar(95, 170, 205), 0, 0.6 + 0.4 * hash01(settings_.seed, salt)});
}

void CarparkScene::light_by_night() {
  const cv::Mat map = ground_map(camera_);
  cv::Mat light(settings_.size, CV_32F, cv::Scalar(kNightAmbient));
  for (int y = 0; y < light.rows; ++y) {
    for (int x = 0; x < light.cols; ++x) {
      const cv::Vec2d& at = map.at<cv::Vec2d>(y, x);
      if (!std::isnan(at[0])) light.at<float>(y, x) = static_cast<float>(lamp_light(at[0], at[1]));
    }
  }
  cv::Mat dark, light_bgr;
  cv::merge(std::vector<cv::Mat>{light * 0.88, light * 0.97, light}, light_bgr);
  albedo_.convertTo(dark, CV_32FC3);
  dark = dark.mul(light_bgr);
  dark.convertTo(background_, CV_8UC3);
  Painter painter(camera_, background_);
  for (const cv::Point2d& lamp : kLamps) {
    painter.disc({lamp.x, lamp.y - 0.2, kLampHeight + 0.05}, 0.16, {cv::Scalar(225, 245, 255)});
  }
  for (int i = 0; i < 9; ++i) draw_lit_window(painter, i);
}

std::optional<Vehicle> CarparkScene::driving(double time_s) const {
  const double turn = std::floor(time_s / kEvery_s);
  const double along = (time_s - turn * kEvery_s) * kSpeed - kFarSide;
  if (along > kFarSide) return std::nullopt;
  const bool leftwards = static_cast<std::int64_t>(turn) % 2 != 0;
  const auto number = static_cast<std::uint64_t>(static_cast<std::int64_t>(turn) + 100000);
  const auto paint = static_cast<std::size_t>(hash01(hash(settings_.seed, 28), number) * 6.999);
  const double middle = (kLane + kLaneEnd) / 2;
  return Vehicle{.centre = {leftwards ? -along : along, middle + (leftwards ? 1.6 : -1.6)},
                 .along_x = true,
                 .towards_low = leftwards,
                 .colour = kPaints[paint],
                 .lights = settings_.night};
}

FigurePose CarparkScene::walker(double time_s) const {
  const Walk::State state = path_.at(time_s);
  return {state.ground, state.heading, 2 * std::numbers::pi * state.travelled_m / 1.42};
}

cv::Rect2d CarparkScene::box(const Vehicle& car) const {
  const cv::Rect2d plan = footprint(car);
  std::vector<cv::Point2f> corners;
  for (const double x : {plan.x, plan.x + plan.width}) {
    for (const double y : {plan.y, plan.y + plan.height}) {
      for (const double z : {0.0, kCarHeight_m}) corners.emplace_back(camera_.pixel({x, y, z}));
    }
  }
  return cv::boundingRect(corners);
}

std::vector<cv::Point> CarparkScene::beam(const Vehicle& car, double reach_m) const {
  const double way = car.towards_low ? -1 : 1, front = car.centre.x + way * kCarLength_m / 2;
  std::vector<cv::Point> outline;
  for (const cv::Point2d at : {cv::Point2d(0, -0.9), {0.75, -2.4}, {1, 0}, {0.75, 2.4}, {0, 0.9}}) {
    const cv::Point2d pixel = camera_.pixel({front + way * (0.3 + reach_m * at.x), car.centre.y + at.y, 0});
    outline.emplace_back(cvRound(std::clamp(pixel.x, -4000.0, 4000.0)), cvRound(std::clamp(pixel.y, -4000.0, 4000.0)));
  }
  return outline;
}

void CarparkScene::headlights(cv::Mat& picture, const Vehicle& car) const {
  const int soft = std::max(2, picture.cols / 80);
  const cv::Rect reach = cv::boundingRect(beam(car, kBeam_m));
  const cv::Rect seen = cv::Rect(reach.x - soft, reach.y - soft, reach.width + 2 * soft, reach.height + 2 * soft) &
                        cv::Rect({0, 0}, picture.size());
  if (seen.empty()) return;
  cv::Mat cone = cv::Mat::zeros(seen.size(), CV_8U), cone_bgr, lit;
  for (const auto& [share, light] : {std::pair{1.0, 70}, {0.8, 110}, {0.6, 155}, {0.4, 205}}) {
    auto outline = beam(car, share * kBeam_m);
    for (cv::Point& point : outline) point -= seen.tl();
    cv::fillConvexPoly(cone, outline, cv::Scalar(light), cv::LINE_AA);
  }
  cv::blur(cone, cone, {soft / 2 * 2 + 1, soft / 2 * 2 + 1});
  cone.setTo(cv::Scalar(0), front_(seen));  // parked cars turn their dark side to us
  cv::cvtColor(cone, cone_bgr, cv::COLOR_GRAY2BGR);
  cv::multiply(albedo_(seen), cone_bgr, lit, 1.0 / 255);
  cv::Mat area = picture(seen);
  cv::add(area, lit, area);
}

double CarparkScene::light_at(const cv::Point2d& ground) const {
  return settings_.night ? lamp_light(ground.x, ground.y) : 1;
}

cv::Mat CarparkScene::render(double time_s) {
  cv::Mat picture = background_.clone();
  if (const auto car = driving(time_s)) {
    if (car->lights) headlights(picture, *car);
    Painter painter(camera_, picture);
    draw_vehicle(painter, *car, light_at(car->centre));
    const cv::Rect area = cv::Rect(box(*car)) & cv::Rect({0, 0}, picture.size());
    if (!area.empty()) background_(area).copyTo(picture(area), front_(area));
  }
  const FigurePose person = walker(time_s);
  draw_figure(picture, camera_, look_, person, light_at(person.ground));
  noise_.add(picture, frame_key(time_s));
  return picture;
}

Truth CarparkScene::truth(double time_s) const {
  Truth truth;
  const cv::Rect2d picture({0, 0}, cv::Size2d(settings_.size));
  const FigurePose walker_now = walker(time_s);
  const cv::Rect2d person = figure_box(camera_, look_, walker_now) & picture;
  if (!person.empty()) {
    truth.people.push_back(person);
    truth.people_ids.push_back(1);
    truth.people_ground_m.push_back(walker_now.ground);
  }
  if (const auto car = driving(time_s)) {
    const cv::Rect2d seen = box(*car) & picture;
    if (!seen.empty()) truth.targets.push_back(seen);
  }
  return truth;
}

}  // namespace lynceus::scenes
