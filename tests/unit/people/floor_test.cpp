// From pixels to metres: four points, calibrations, the horizon, and what an error of a pixel means.
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "pipeline/scenes/ground_camera.h"
#include "plugins/people/camera_file.h"
#include "plugins/people/floor_learner.h"
#include "plugins/people/ground.h"
#include "plugins/people/homography.h"
#include "plugins/people/plane.h"
#include "plugins/people/ruler.h"
#include "plugins/people/settings.h"
#include "plugins/people/yardstick.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"

namespace lynceus::people {
namespace {

const std::vector<cv::Point2d> kMetres{{-2, 6}, {2, 6}, {2, 14}, {-2, 14}};

scenes::GroundCamera camera() { return scenes::GroundCamera({{1280, 720}, 3.2, 20, 900}); }

std::vector<cv::Point2d> pixels_of(const std::vector<cv::Point2d>& metres) {
  std::vector<cv::Point2d> out;
  for (const auto& m : metres) out.push_back(camera().pixel({m.x, m.y, 0}));
  return out;
}

sdk::Ground four_points() {
  sdk::Ground ground;
  ground.homography = {pixels_of(kMetres), kMetres};
  return ground;
}

Person person_at(const cv::Rect2d& box, double foot_fraction) {
  Person p;
  p.box = box;
  p.foot = {box.x + box.width / 2, box.y + foot_fraction * box.height};
  return p;
}

TEST_CASE("four exact points give the floor back to a micrometre, 25 m far") {
  const Ground ground = Ground::of(four_points(), {1280, 720});
  for (double x = -8; x <= 8; x += 2) {
    for (double y = 4; y <= 25; y += 1.5) {
      const auto there = ground.metres(camera().pixel({x, y, 0}));
      REQUIRE(there);
      REQUIRE(cv::norm(*there - cv::Point2d(x, y)) < 1e-6);
      REQUIRE(cv::norm(*ground.pixel({x, y}) - camera().pixel({x, y, 0})) < 1e-6);
    }
  }
}

TEST_CASE("any two points swapped are refused") {
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = a + 1; b < 4; ++b) {
      sdk::Ground wrong = four_points();
      std::swap(wrong.homography->image[a], wrong.homography->image[b]);
      REQUIRE_THROWS_AS(Ground::of(wrong, {1280, 720}), std::invalid_argument);
    }
  }
}

TEST_CASE("three points on a line, or a picture of the floor from below, are refused") {
  sdk::Ground line = four_points();
  line.homography->image[1] = (line.homography->image[0] + line.homography->image[2]) * 0.5;
  REQUIRE_THROWS_AS(Ground::of(line, {1280, 720}), std::invalid_argument);
  sdk::Ground mirrored = four_points();
  for (auto& m : mirrored.homography->metres) m.x = -m.x;
  REQUIRE_THROWS_AS(Ground::of(mirrored, {1280, 720}), std::invalid_argument);
}

TEST_CASE("at and above the horizon there is no floor") {
  const Ground ground = Ground::of(four_points(), {1280, 720});
  const double horizon = 360 - 900 * std::tan(20 * CV_PI / 180);
  REQUIRE(ground.metres({640, horizon + 30}));
  for (const double y : {horizon - 1, horizon - 300}) REQUIRE_FALSE(ground.metres({300, y}));
  REQUIRE_FALSE(ground.jacobian({300, horizon - 5}));
}

TEST_CASE("the Jacobian is the change of metres by a pixel, with distortion too") {
  sdk::Ground described;
  described.calibration.emplace();
  auto& c = *described.calibration;
  c.size = {1280, 720};
  c.k = {900, 0, 640, 0, 900, 360, 0, 0, 1};
  const double s = std::sin(20 * CV_PI / 180), k = std::cos(20 * CV_PI / 180);
  c.r = {1, 0, 0, 0, -s, -k, 0, k, -s};
  c.t_m = c.r * cv::Vec3d(0, 0, -3.2);
  for (const double k1 : {0.0, -0.2}) {
    c.distortion = {k1, 0.05, 0.001, -0.002, 0};
    const Ground ground = Ground::of(described, {1280, 720});
    const cv::Point2d at(500, 500);
    const cv::Matx22d j = *ground.jacobian(at);
    const cv::Point2d dx = (*ground.metres(at + cv::Point2d(0.1, 0)) - *ground.metres(at - cv::Point2d(0.1, 0))) * 5.0;
    const cv::Point2d dy = (*ground.metres(at + cv::Point2d(0, 0.1)) - *ground.metres(at - cv::Point2d(0, 0.1))) * 5.0;
    REQUIRE(std::abs(j(0, 0) - dx.x) + std::abs(j(1, 0) - dx.y) + std::abs(j(0, 1) - dy.x) + std::abs(j(1, 1) - dy.y) <
            1e-3);
    const cv::Point2d there = *ground.metres(at);
    REQUIRE(cv::norm(*ground.pixel(there) - at) < 1e-3);
    // The same camera seen at half the size.
    const Ground half = Ground::of(described, {640, 360});
    REQUIRE(cv::norm(*half.metres(at * 0.5) - there) < 1e-6);
  }
}

TEST_CASE("error of a pixel grows with the square of the distance") {
  const Ground ground = Ground::of(four_points(), {1280, 720});
  for (const double d : {10.0, 20.0}) {
    const double expected = (d * d + 3.2 * 3.2) / (900 * 3.2);
    REQUIRE(std::abs((*ground.jacobian(camera().pixel({0, d, 0})))(1, 1) / -expected - 1) < 0.12);
  }
}

TEST_CASE("JSON calibrations are read, with a rotation vector or a matrix; nonsense is refused") {
  const std::string head = R"({"width": 1280, "height": 720, "K": [[900,0,640],[0,900.5,360],[0,0,1]], )";
  const auto a = read_camera(head + R"("dist": [0.1, 0, 0, 0, 0], "rvec": [1.9, 0, 0], "t_m": [0, 2, 3]})", "");
  REQUIRE(a.k(1, 1) == 900.5);
  REQUIRE(a.distortion.size() == 5);
  REQUIRE(std::abs(a.r(1, 1) - std::cos(1.9)) < 1e-12);
  const auto b = read_camera(head + R"("R": [[1,0,0],[0,0,-1],[0,1,0]], "t_m": [0, 2, 3]})", "");
  REQUIRE(b.r(1, 2) == -1);
  for (const char* bad :
       {"", "{", "nothing", R"({"width": 1280})", "<?xml version=\"1.0\"?><opencv_storage></opencv_storage>"}) {
    REQUIRE_THROWS_AS(read_camera(bad, ""), std::invalid_argument);
  }
  REQUIRE_THROWS_AS(read_camera(head + R"("R": [[1,0,0],[0,1,0],[0,1,0]], "t_m": [0, 2, 3]})", ""),
                    std::invalid_argument);
  REQUIRE_THROWS_AS(read_camera(head + R"("rvec": [1.9, 0, 0], "t_m": [0, 2]})", ""), std::invalid_argument);
}

TEST_CASE("points of a box, and exactly the limit is no violation") {
  const Person p = person_at({100, 50, 60, 150}, 0.99);
  REQUIRE(cv::norm(p.foot - cv::Point2d(130, 198.5)) < 1e-12);
  const auto pairs_at = [](double apart, double limit) {
    const std::vector<std::optional<Spot>> spots{Spot{{0, 0}, cv::Matx22d::eye() * 1e-4},
                                                 Spot{{apart, 0}, cv::Matx22d::eye() * 1e-4}};
    return measured_pairs(spots, limit);
  };
  REQUIRE_FALSE(pairs_at(400, 400).at(0).violation);
  REQUIRE(pairs_at(400 - 1e-5, 400).at(0).violation);
  REQUIRE_FALSE(pairs_at(2.0, 2.0).at(0).violation);
  REQUIRE(pairs_at(1.99999, 2.0).at(0).violation);
  REQUIRE(pairs_at(4.1, 2.0).empty());
}

TEST_CASE("a violation's probability is what drawing positions says") {
  const Spot a{{0, 0}, {0.09, 0.03, 0.03, 0.04}}, b{{1.9, 0.5}, {0.25, -0.05, -0.05, 0.16}};
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  const auto draw = [&](const Spot& s) {
    const double l11 = std::sqrt(s.covariance(0, 0)), l21 = s.covariance(1, 0) / l11;
    const double l22 = std::sqrt(s.covariance(1, 1) - l21 * l21), x = normal(random), y = normal(random);
    return s.at + cv::Point2d(l11 * x, l21 * x + l22 * y);
  };
  for (const double limit : {0.5, 1.5, 2.0, 3.0}) {
    int close = 0;
    constexpr int times = 40'000;
    for (int i = 0; i < times; ++i) close += cv::norm(draw(a) - draw(b)) < limit;
    REQUIRE(std::abs(probability_within(a, b, limit) - close / double(times)) < 0.012);
  }
  const Spot sure{{1.9, 0.5}, cv::Matx22d::zeros()}, origin{{0, 0}, cv::Matx22d::zeros()};
  REQUIRE(probability_within(origin, sure, 1.9) == 0);
  REQUIRE(probability_within(origin, sure, 2.0) == 1);
}

/// People of different heights all over the floor; boxes err by a share of their height.
FloorLearner crowd(double error, double nearest, double farthest, int people = 800) {
  FloorLearner learner({1280, 720}, 900);
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int i = 0; i < people; ++i) {
    const double y = nearest + (farthest - nearest) * uniform(random), x = (uniform(random) - 0.5) * y;
    const double height = 1.7 * (1 + 0.045 * normal(random));
    const cv::Point2d foot = camera().pixel({x, y, 0}), head = camera().pixel({x, y, height});
    const double h = foot.y - head.y, up = foot.y + error * h * normal(random),
                 down = head.y + error * h * normal(random);
    learner.add({head.x - 0.2 * h, down, 0.4 * h, up - down}, 1);
  }
  return learner;
}

TEST_CASE("the floor is learnt from people who stand upright") {
  const auto learnt = crowd(0.015, 5, 22).learn();
  REQUIRE(learnt);
  REQUIRE(std::abs(learnt->height_m / 3.2 - 1) < 0.12);
  sdk::Ground described;
  described.calibration = learnt->camera({1280, 720});
  const Ground ground = Ground::of(described, {1280, 720});
  for (const double y : {7.0, 11.0, 15.0}) {
    const auto a = ground.metres(camera().pixel({-1, y, 0})), b = ground.metres(camera().pixel({1, y, 0}));
    const auto c = ground.metres(camera().pixel({0, y - 1, 0})), d = ground.metres(camera().pixel({0, y + 1, 0}));
    REQUIRE(std::abs(cv::norm(*a - *b) / 2 - 1) < 0.12);
    REQUIRE(std::abs(cv::norm(*c - *d) / 2 - 1) < 0.2);
  }
}

TEST_CASE("the floor is not learnt from too few, from one place, or from boxes that are no people") {
  REQUIRE_FALSE(crowd(0.015, 5, 22, 200).learn());
  REQUIRE_FALSE(crowd(0.015, 14, 15).learn());
  REQUIRE_FALSE(crowd(0.25, 5, 22).learn());
}

TEST_CASE("one frame of WILDTRACK by centre, foot and calibration") {
  LYNCEUS_NEED_DATA(folder, "data/people/wildtrack/calibrations");
  const auto text = [&](const std::string& name) {
    std::ifstream file(*folder + name);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
  };
  sdk::Ground described;
  described.calibration = read_camera(text("/intrinsic_zero/intr_IDIAP1.xml"), text("/extrinsic/extr_IDIAP1.xml"));
  const Ground ground = Ground::of(described, {1920, 1080});
  const std::vector<int> ids{0, 1, 43, 383, 4};
  const std::vector<cv::Rect2d> boxes{
      {199, 144, 178, 673}, {489, 148, 137, 647}, {231, 174, 72, 272}, {2, 169, 94, 304}, {1850, 182, 142, 374}};
  const auto close = [&](Method method, bool centre) {
    Settings settings;
    settings.method = method;
    settings.centre = centre;
    const Yardstick yardstick(settings, &ground, {1920, 1080});
    std::vector<std::optional<Spot>> spots;
    for (const cv::Rect2d& box : boxes) {
      Person p = person_at(box, 0.99);
      p.ground = Plane(&ground).spot(p.foot, box.height);
      spots.push_back(yardstick.spot(p));
    }
    std::string out;
    for (const Pair& p : measured_pairs(spots, yardstick.limit())) {
      if (p.violation) out += std::to_string(ids[p.a]) + "-" + std::to_string(ids[p.b]) + " ";
    }
    return out;
  };
  REQUIRE(close(Method::pixels, true) == "0-1 0-43 0-383 1-43 43-383 ");
  REQUIRE(close(Method::pixels, false) == "0-1 0-43 43-383 ");
  REQUIRE(close(Method::calibration, false) == "0-1 43-383 ");
}

}  // namespace
}  // namespace lynceus::people
