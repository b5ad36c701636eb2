// The plugin as a whole: states, groups, alarms over time, zones and lines.
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/people/walks.h"

namespace lynceus {
namespace {

using test::condition;
using test::list;
using test::measured;
using test::text;
using test::Walks;

std::vector<std::string> states(const sdk::Observations& said) {
  std::vector<std::string> out;
  for (const sdk::Value& p : list(said, "people")) out.push_back(text(p, "state"));
  return out;
}
bool any_group(const sdk::Observations& said) {
  for (const sdk::Value& p : list(said, "people")) {
    if (!test::detail(p, "group").is_null()) return true;
  }
  return false;
}

TEST_CASE("two people one metre apart become a group after three seconds, and never an alarm") {
  Walks walks(10);
  for (int i = 0; i <= 60; ++i) walks.frame({{0, 9}, {1, 9}});
  const auto said = walks.watched();
  REQUIRE(states(said[25]) == std::vector<std::string>{"close", "close"});
  REQUIRE(measured(said[25], "distancing_violations") == 1);
  for (std::size_t i = 40; i <= 60; ++i) {
    REQUIRE(states(said[i]) == std::vector<std::string>{"grouped", "grouped"});
    REQUIRE(measured(said[i], "distancing_violations") == 0);
    REQUIRE(measured(said[i], "groups") == 1);
  }
  for (const auto& s : said) REQUIRE_FALSE(condition(s, "distance_violation").active);
}

TEST_CASE("a passer-by is in no group; too close for over a second he is an alarm") {
  Walks walks(10);
  for (int i = 0; i <= 80; ++i) walks.frame({{0, 9}, {-6 + 0.15 * i, 9.4}});
  bool alarm = false;
  for (const auto& s : walks.watched()) {
    REQUIRE_FALSE(any_group(s));
    alarm = alarm || condition(s, "distance_violation").active;
  }
  REQUIRE(alarm);
}

TEST_CASE("somebody who walks circles around another is no company") {
  Walks walks(10);
  for (int i = 0; i <= 150; ++i) walks.frame({{0, 9}, {1.5 * std::cos(0.1 * i), 9 + 1.5 * std::sin(0.1 * i)}});
  for (const auto& s : walks.watched()) REQUIRE_FALSE(any_group(s));
}

TEST_CASE("a group and somebody else violate, and parting ends the group") {
  Walks walks(10);
  for (int i = 0; i <= 160; ++i) {
    const double apart = i < 60 ? 1 : std::min(6.0, 1 + 0.1 * (i - 60));
    walks.frame({{0, 9}, {apart, 9}, {i < 50 || i > 70 ? -6.0 : -1.2, 9.5}});
  }
  const auto said = walks.watched();
  REQUIRE(any_group(said[45]));
  REQUIRE(states(said[59])[0] == "close");
  REQUIRE_FALSE(any_group(said[160]));
}

TEST_CASE("one frame too close is no alarm; unrelated pictures ask for no time") {
  Walks walks(10);
  for (int i = 0; i < 30; ++i) walks.frame({{0, 9}, {i == 15 ? 1.0 : 4.0, 9}});
  for (const auto& s : walks.watched()) REQUIRE_FALSE(condition(s, "distance_violation").active);
  const auto stills = walks.watched(Walks::on_floor(), {}, {}, {}, true);
  REQUIRE(condition(stills[15], "distance_violation").active);
  REQUIRE_FALSE(condition(stills[14], "distance_violation").active);
  for (const auto& s : stills) REQUIRE_FALSE(any_group(s));
}

TEST_CASE("distances carry what they are worth: farther away they are less sure") {
  Walks walks(10);
  walks.frame({{-1, 7}, {0.5, 7}, {-1, 16}, {0.5, 16}});
  const auto said = walks.watched(Walks::on_floor(), {}, {}, {}, true);
  const auto& pairs = list(said[0], "pairs");
  REQUIRE(pairs.size() == 2);
  const auto number = [](const sdk::Value& v, const char* key) { return *test::detail(v, key).get_if<double>(); };
  REQUIRE(std::abs(number(pairs[0], "distance") - 1.5) < 1e-3);
  REQUIRE(text(pairs[0], "unit") == "m");
  REQUIRE(number(pairs[1], "sigma") > 0);
  REQUIRE(number(pairs[0], "p_violation") > 0.5);
}

TEST_CASE("who cannot be measured is unknown, in no pair and not safe") {
  Walks walks(10);
  walks.frame({{0, 9}});
  walks.add({100, 400, 130, 318}, 1);  // ends at the picture's edge
  walks.add({600, -90, 40, 100}, 1);   // stands above the horizon
  walks.add(Walks::box({1, 9}), 1);
  sdk::Facts facts;
  facts.floor_mask.emplace();
  facts.floor_mask->mask = cv::Mat(72, 128, CV_8UC1, cv::Scalar(255));
  const cv::Point2d off = Walks::camera().pixel({1, 9, 0});
  cv::Mat(facts.floor_mask->mask, cv::Rect(int(off.x / 10) - 3, int(off.y / 10) - 3, 7, 7)).setTo(0);
  const auto said = walks.watched(Walks::on_floor(), {}, {}, facts, true);
  REQUIRE(states(said[0]) == std::vector<std::string>{"safe", "unknown", "unknown", "unknown"});
  std::vector<std::string> reasons;
  for (const sdk::Value& p : list(said[0], "people")) reasons.push_back(text(p, "reason"));
  REQUIRE(reasons == std::vector<std::string>{"", "foot_hidden", "above_horizon", "off_floor"});
  REQUIRE(list(said[0], "pairs").empty());
  REQUIRE(measured(said[0], "people_unknown") == 3);
}

TEST_CASE("zones: who is in, who came in, who stays, how many are too many") {
  const cv::Point2d a = Walks::camera().pixel({-1, 12, 0}), b = Walks::camera().pixel({3, 7, 0});
  const auto share = [](double x, double y) { return cv::Point2d(x / 1280, y / 720); };
  sdk::Zone zone{"desk", {share(a.x, a.y), share(b.x, a.y), share(b.x, b.y), share(a.x, b.y)}, {}};
  zone.options = sdk::Options({{"dwell", 4.0}, {"crowding", std::int64_t{1}}});
  Walks walks(10);
  for (int i = 0; i < 100; ++i) {
    std::vector<cv::Point2d> people{{std::min(1.0, -4 + 0.1 * i), 9}};
    if (i >= 60) people.emplace_back(0, 9.5);
    walks.frame(people);
  }
  const auto said = walks.watched(Walks::on_floor(), {zone});
  int entered = 0;
  for (const auto& s : said) {
    for (const sdk::Event& e : s.events) entered += e.kind == "zone_entered" && e.zone == "desk";
  }
  REQUIRE(entered == 2);
  REQUIRE(measured(said[10], "people", "desk") == 0);
  REQUIRE(measured(said[55], "people", "desk") == 1);
  REQUIRE(measured(said[80], "people", "desk") == 2);
  REQUIRE_FALSE(condition(said[55], "dwell:desk").active);
  REQUIRE(condition(said[95], "dwell:desk").active);
  REQUIRE_FALSE(condition(said[65], "crowding:desk").active);
  REQUIRE(condition(said[95], "crowding:desk").active);
}

TEST_CASE("filters of a zone keep boxes out that are too small or too unsure there") {
  sdk::Zone zone{"all", {{0, 0}, {1, 0}, {1, 1}, {0, 1}}, sdk::Options({{"least_score", 0.8}, {"least_height", 0.25}})};
  Walks walks(10);
  walks.frame({{0, 7}}, 0.9);
  walks.add(Walks::box({2, 7}), 0.7);
  walks.add(Walks::box({0, 18}), 0.95);
  REQUIRE(list(walks.watched(Walks::on_floor(), {zone}, {}, {}, true)[0], "people").size() == 1);
  REQUIRE(list(walks.watched(Walks::on_floor(), {}, {}, {}, true)[0], "people").size() == 3);
}

TEST_CASE("lines: each crossing once, with its direction, only between the line's ends") {
  const cv::Point2d low = Walks::camera().pixel({0, 7, 0}), high = Walks::camera().pixel({0, 13, 0});
  const sdk::Line line{"gate", {low.x / 1280, low.y / 720}, {high.x / 1280, high.y / 720}};
  Walks walks(10);
  for (int i = 0; i < 120; ++i) {
    const double to_and_fro = i < 60 ? -3 + 0.1 * i : 3 - 0.1 * (i - 60);
    walks.frame({{to_and_fro, 9}, {-3 + 0.1 * i, 17}});
  }
  std::vector<std::string> crossed;
  for (const auto& s : walks.watched(Walks::on_floor(), {}, {line})) {
    for (const sdk::Event& e : s.events) {
      REQUIRE(e.kind == "line_crossed");
      crossed.push_back(e.direction);
    }
  }
  REQUIRE(crossed == std::vector<std::string>{"left_to_right", "right_to_left"});
}

TEST_CASE("what thermal cameras see move is counted into zones") {
  sdk::Facts facts;
  facts.movers.emplace();
  facts.movers->movers = {{1, {100, 100, 40, 100}, "person"}, {2, {900, 500, 200, 120}, "vehicle"}};
  const sdk::Zone zone{"left", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}, {}};
  Walks walks(10);
  walks.frame({});
  const auto said = walks.watched(Walks::on_floor(), {zone}, {}, facts);
  REQUIRE(measured(said[0], "movers") == 1);
  REQUIRE(measured(said[0], "movers", "left") == 1);
}

TEST_CASE("the view from above: red for too close, green for the rest; the heat map warms up") {
  Walks walks(10);
  for (int i = 0; i < 25; ++i) walks.frame({{-1, 9}, {-0.2, 9}, {5, 11}});
  const auto said = walks.watched();
  const auto view = [&](const char* name) {
    for (const sdk::View& v : said.back().views) {
      if (v.name == name) return v.picture;
    }
    throw std::runtime_error("no view");
  };
  const auto count = [](const cv::Mat& picture, const cv::Scalar& colour) {
    cv::Mat mask;
    cv::inRange(picture, colour, colour, mask);
    return cv::countNonZero(mask);
  };
  const cv::Mat top = view("topdown");
  REQUIRE(top.rows == 720);
  REQUIRE(count(top, {50, 50, 230}) > 20);
  REQUIRE(count(top, {60, 200, 60}) > 20);
  cv::Mat grey;
  cv::extractChannel(view("heatmap"), grey, 2);
  double warmest = 0;
  cv::minMaxLoc(grey, nullptr, &warmest);
  REQUIRE(warmest > 60);
}

TEST_CASE("wrong set-ups are told when the analyzer is made") {
  Walks walks(10);
  walks.frame({});
  const auto why = [](Walks::Options options) {
    test::SlotSetup setup(std::string(LYNCEUS_PLUGINS) + "/lynceus_people.so", std::move(options));
    return host::AnalyzerSlot(setup.setup).last_error();
  };
  const auto has = [](const std::string& text, const char* what) { return text.find(what) != std::string::npos; };
  REQUIRE(has(why({{"detector", std::string("file")}}), "model"));
  REQUIRE(has(why({{"method", std::string("homography")}}), "ground"));
  REQUIRE(has(why({{"method", std::string("perspective")}}), "focal_px"));
  REQUIRE(has(why({{"calibration", std::string("/nowhere.json")}}), "/nowhere.json"));
  auto swapped = Walks::on_floor();
  auto& image = std::get<sdk::Polygon>(swapped.at("homography.image"));
  std::swap(image[0], image[1]);
  REQUIRE(has(why(swapped), "homography"));
}

}  // namespace
}  // namespace lynceus
