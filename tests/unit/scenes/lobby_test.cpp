// The hall's geometry, and a detector trained on photographs that must fire on the figures.
#include "pipeline/scenes/lobby.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <set>
#include <vector>

#include "tests/support/catch.h"

namespace lynceus::scenes {
namespace {

SceneSettings lobby(cv::Size size, bool night = false) {
  SceneSettings settings;
  settings.scene = "lobby";
  settings.size = size;
  settings.night = night;
  return settings;
}

/// The detector's window is wider than a person: it counts when it lies on the figure and is of its size.
bool hits(const cv::Rect2d& window, const cv::Rect2d& figure) {
  const double common = (window & figure).area();
  const double overlap = common / (window.area() + figure.area() - common);
  return overlap >= 0.4 || (overlap >= 0.2 && figure.contains((window.tl() + window.br()) * 0.5));
}

/// Figures of at least 100 px that nobody stands before, well inside the picture.
std::vector<cv::Rect2d> clear_figures(const Truth& truth, cv::Size size) {
  std::vector<cv::Rect2d> clear;
  for (std::size_t i = 0; i < truth.people.size(); ++i) {
    const cv::Rect2d& box = truth.people[i];
    bool covered = box.height < 100 || box.x < 8 || box.br().x > size.width - 8;
    for (std::size_t k = 0; k < truth.people.size(); ++k) {
      covered = covered || (k != i && (truth.people[k] & box).area() > 0.15 * box.area());
    }
    if (!covered) clear.push_back(box);
  }
  return clear;
}

struct Score {
  int wanted = 0, found = 0;
};

Score detect(bool night) {
  const cv::Size size(640, 480);
  LobbyScene scene(lobby(size, night));
  cv::HOGDescriptor hog;
  hog.setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector());
  Score score;
  for (double time_s = 0.5; time_s < 40; time_s += 4) {
    std::vector<cv::Rect> found;
    hog.detectMultiScale(scene.render(time_s), found, 0, {8, 8}, {16, 16}, 1.05, 2);
    for (const cv::Rect2d& figure : clear_figures(scene.truth(time_s), size)) {
      ++score.wanted;
      score.found +=
          std::any_of(found.begin(), found.end(), [&](const cv::Rect& window) { return hits(window, figure); });
    }
  }
  return score;
}

}  // namespace

TEST_CASE("a detector of people fires on the figures") {
  const Score day = detect(false);
  INFO(day.found << " of " << day.wanted);
  REQUIRE(day.wanted >= 12);
  CHECK(day.found >= 0.85 * day.wanted);
}

TEST_CASE("and by night on most of them") {
  const Score night = detect(true);
  INFO(night.found << " of " << night.wanted);
  CHECK(night.found >= 0.5 * night.wanted);
}

TEST_CASE("the foot of every box is where the figure stands") {
  const cv::Size size(1280, 720);
  const LobbyScene scene(lobby(size));
  int checked = 0;
  for (double time_s = 0; time_s < 40; time_s += 0.9) {
    const Truth truth = scene.truth(time_s);
    for (std::size_t i = 0; i < truth.people.size(); ++i) {
      const cv::Rect2d& box = truth.people[i];
      if (box.br().y >= size.height || box.x <= 0 || box.br().x >= size.width) continue;  // clipped
      const auto stands = scene.camera().ground({box.x + box.width / 2, box.br().y});
      REQUIRE(stands);
      CHECK(cv::norm(*stands - truth.people_ground_m[i]) < 0.6);  // a step is that long
      ++checked;
    }
  }
  CHECK(checked > 100);
}

TEST_CASE("figures have the size their distance gives them") {
  const LobbyScene scene(lobby({640, 480}));
  const FigureLook look{.height_m = 1.8};
  for (const double away : {5.0, 8.0, 11.0}) {
    const cv::Rect2d box = figure_box(scene.camera(), look, {.ground = {0, away}, .heading = 1});
    const double foot = scene.camera().pixel({0, away, 0}).y, head = scene.camera().pixel({0, away, 1.8}).y;
    CHECK(box.height == Approx(foot - head).epsilon(0.1));
  }
}

TEST_CASE("some walk together and some pass each other") {
  const LobbyScene scene(lobby({640, 480}));
  std::set<int> ids;
  double companions = 0, closest_strangers = 100;
  for (double time_s = 0; time_s < 60; time_s += 0.5) {
    const Truth truth = scene.truth(time_s);
    for (std::size_t i = 0; i < truth.people.size(); ++i) {
      ids.insert(truth.people_ids[i]);
      for (std::size_t k = i + 1; k < truth.people.size(); ++k) {
        const double apart = cv::norm(truth.people_ground_m[i] - truth.people_ground_m[k]);
        const bool friends = truth.people_ids[i] == 1 && truth.people_ids[k] == 2;
        if (friends) companions = std::max(companions, apart);
        if (!friends) closest_strangers = std::min(closest_strangers, apart);
      }
    }
  }
  CHECK(ids.size() == 5);
  CHECK(companions > 0.4);
  CHECK(companions < 1.1);
  CHECK(closest_strangers < 1.5);
}

TEST_CASE("by night the hall is grey and darker") {
  const cv::Mat day = LobbyScene(lobby({320, 240})).render(2), night = LobbyScene(lobby({320, 240}, true)).render(2);
  cv::Mat channels[3];
  cv::split(night, channels);
  CHECK(cv::norm(channels[0], channels[2], cv::NORM_INF) == 0);
  CHECK(cv::mean(channels[0])[0] < 0.75 * cv::mean(day)[0]);
}

}  // namespace lynceus::scenes
