// Who is who: assignment, ids through occlusion, boxes of low scores, and what a tracker must forget.
#include "plugins/people/tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "plugins/people/assignment.h"
#include "plugins/people/boxes_file.h"
#include "plugins/people/ground.h"
#include "plugins/people/homography.h"
#include "tests/support/catch.h"

namespace lynceus::people {
namespace {

const cv::Size kPicture{1280, 720};

/// Somebody 200 pixels high whose foot is here.
Detection somebody(double x, double y, double score = 0.9) { return {{x - 40, y - 198, 80, 200}, score}; }

/// The id of who is nearest to x; 0: nobody there.
std::int64_t id_at(std::span<const Tracked> now, double x) {
  for (const Tracked& t : now) {
    if (std::abs(t.box.x + 40 - x) < 15) return t.id;
  }
  return 0;
}

double cheapest(const CostTable& cost, double gate) {
  std::vector<int> columns(cost.columns() + cost.rows());
  std::iota(columns.begin(), columns.end(), 0);
  double best = std::numeric_limits<double>::infinity();
  std::sort(columns.begin(), columns.end());
  do {
    double sum = 0;
    for (std::size_t r = 0; r < cost.rows(); ++r) {
      const std::size_t c = std::size_t(columns[r]);
      sum += c < cost.columns() && cost(r, c) < gate ? cost(r, c) : gate;
    }
    best = std::min(best, sum);
  } while (std::next_permutation(columns.begin(), columns.end()));
  return best;
}

TEST_CASE("the assignment costs the least, with a gate, of any shape") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> value(-3, 10);
  for (int i = 0; i < 60; ++i) {
    CostTable cost(1 + i % 3, 1 + i % 4);
    for (std::size_t r = 0; r < cost.rows(); ++r) {
      for (std::size_t c = 0; c < cost.columns(); ++c) cost(r, c) = value(random);
    }
    constexpr double gate = 6;
    const std::vector<int> found = assign(cost, gate);
    double sum = 0;
    std::set<int> used;
    for (std::size_t r = 0; r < cost.rows(); ++r) {
      if (found[r] == kNobody) {
        sum += gate;
        continue;
      }
      REQUIRE(used.insert(found[r]).second);
      REQUIRE(cost(r, std::size_t(found[r])) < gate);
      sum += cost(r, std::size_t(found[r]));
    }
    REQUIRE(std::abs(sum - cheapest(cost, gate)) < 1e-9);
  }
}

TEST_CASE("somebody hidden for a second comes back under his id") {
  Tracker tracker({}, Plane(), kPicture);
  constexpr double fps = 10;
  std::int64_t id = 0;
  for (int i = 0; i < 40; ++i) {
    const double x = 200 + 12.0 * i;
    const bool hidden = i >= 15 && i < 25;
    std::vector<Detection> boxes{somebody(600, 500)};  // he who hides him
    if (!hidden) boxes.push_back(somebody(x, 420));
    const auto now = tracker.step(boxes, i / fps);
    if (i == 14) id = id_at(now, x);
    if ((i >= 26 && i <= 30) || i >= 37) REQUIRE(id_at(now, x) == id);
  }
  REQUIRE(id != 0);
}

TEST_CASE("two who cross keep their ids") {
  Tracker tracker({}, Plane(), kPicture);
  std::int64_t left = 0, right = 0;
  for (int i = 0; i <= 60; ++i) {
    const double a = 300 + 10.0 * i, b = 900 - 10.0 * i;
    // The nearer one hides the other while they overlap.
    std::vector<Detection> boxes{somebody(a, 520)};
    if (std::abs(a - b) > 40) boxes.push_back(somebody(b, 500));
    const auto now = tracker.step(boxes, i / 15.0);
    if (i == 20) left = id_at(now, a), right = id_at(now, b);
    if (i == 60) {
      REQUIRE(left != right);
      REQUIRE(id_at(now, a) == left);
      REQUIRE(id_at(now, b) == right);
    }
  }
}

TEST_CASE("a low score keeps somebody, and begins nobody") {
  Tracker tracker({}, Plane(), kPicture);
  std::int64_t id = 0;
  for (int i = 0; i < 30; ++i) {
    const double x = 300 + 5.0 * i;
    const auto now =
        tracker.step(std::vector<Detection>{somebody(x, 500, i < 8 ? 0.9 : 0.2), somebody(1000, 600, 0.3)}, i / 10.0);
    if (i == 7) id = id_at(now, x);
    if (i > 7) REQUIRE(id_at(now, x) == id);
    REQUIRE(id_at(now, 1000) == 0);
  }
  REQUIRE(id != 0);
}

TEST_CASE("people unseen age in frames without any box as well") {
  Tracker tracker({}, Plane(), kPicture);
  for (int i = 0; i < 10; ++i) tracker.step(std::vector<Detection>{somebody(640, 500)}, i / 10.0);
  REQUIRE(tracker.expected(1.0).size() == 1);
  for (int i = 10; i < 60; ++i) REQUIRE(tracker.step({}, i / 10.0).size() <= 1);
  REQUIRE(tracker.expected(6.0).empty());
  const auto now = tracker.step(std::vector<Detection>{somebody(640, 500)}, 6.1);
  REQUIRE(now.empty());  // somebody new, not confirmed yet
}

TEST_CASE("a box here and a box there are nobody") {
  Tracker tracker({}, Plane(), kPicture);
  tracker.step({}, 0);
  for (int i = 1; i < 40; ++i) {
    const auto now =
        tracker.step(std::vector<Detection>{somebody(100 + (i * 317) % 1000, 300 + (i * 131) % 300)}, i / 10.0);
    REQUIRE(now.empty());
  }
}

TEST_CASE("a picture every two seconds is enough to follow somebody slow") {
  Tracker tracker({}, Plane(), kPicture);
  std::set<std::int64_t> ids;
  for (int i = 0; i < 20; ++i) {
    for (const Tracked& t : tracker.step(std::vector<Detection>{somebody(300 + 8.0 * i, 500)}, 2.0 * i))
      ids.insert(t.id);
  }
  REQUIRE(ids.size() == 1);
}

TEST_CASE("on the floor velocities are metres a second") {
  // 0.01 m a pixel everywhere, seen from straight above.
  const Ground ground(cv::Matx33d(0.01, 0, 0, 0, -0.01, 7.2, 0, 0, 1));
  Tracker tracker({}, Plane(&ground), kPicture);
  for (int i = 0; i < 50; ++i) tracker.step(std::vector<Detection>{somebody(200 + 12.0 * i, 500)}, i / 10.0);
  const auto now = tracker.step(std::vector<Detection>{somebody(800, 500)}, 5.0);
  REQUIRE(now.size() == 1);
  REQUIRE(std::abs(now[0].velocity.x - 1.2) < 0.05);
  REQUIRE(std::abs(now[0].spot.at.x - 8) < 0.1);
}

TEST_CASE("nonsense for boxes does no harm") {
  Tracker tracker({}, Plane(), kPicture);
  const double nan = std::numeric_limits<double>::quiet_NaN(), big = 1e308;
  for (int i = 0; i < 5; ++i) {
    tracker.step(
        std::vector<Detection>{
            {{nan, 0, 10, 10}, 1}, {{0, 0, -5, 10}, 1}, {{0, 0, big, big}, 1}, {{0, 0, 0, 0}, 1}, somebody(500, 500)},
        i / 10.0);
  }
  REQUIRE(tracker.step(std::vector<Detection>{somebody(500, 500)}, 0.5).size() == 1);
}

TEST_CASE("a file of boxes: frames from one, best first, what is no line is told by its number") {
  const BoxesFile boxes("1,-1,10,20,30,60,0.5,-1,-1,-1\r\n1,-1,50,20,30,60,0.9\n\n3,7,-4.5,2,30,60,1\n");
  REQUIRE(boxes.at(0).size() == 2);
  REQUIRE(boxes.at(0)[0].score == 0.9);
  REQUIRE(boxes.at(1).empty());
  REQUIRE(boxes.at(2)[0].box.x == -4.5);
  for (const char* bad : {"1,-1,10,20,30", "x", "0,-1,1,2,3,4,1", "1,-1,1,2,nan,4,1", "1.5,-1,1,2,3,4,1"}) {
    try {
      const BoxesFile wrong(std::string("1,-1,1,2,3,4,1\n") + bad + "\n");
      FAIL(bad);
    } catch (const std::runtime_error& error) {
      REQUIRE(std::string(error.what()).find("line 2") == 0);
    }
  }
}

TEST_CASE("margins for scores count by their sign") {
  const BoxesFile boxes("1,-1,10,20,30,60,25.3\n1,-1,50,20,30,60,-0.4\n");
  REQUIRE(boxes.at(0)[0].score > 0.5);
  REQUIRE(boxes.at(0)[1].score < 0.5);
}

}  // namespace
}  // namespace lynceus::people
