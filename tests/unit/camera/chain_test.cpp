#include "pipeline/camera/chain.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "base/log.h"
#include "tests/support/catch.h"
#include "tests/support/test_frame.h"
#include "tests/unit/camera/fake_plugin.h"

namespace lynceus::camera {
namespace {

using namespace std::chrono_literals;
using test::Plugins;

/// Frames of a still or moving picture, 25 a second.
class Film {
 public:
  sdk::FramePtr next(bool moving = false, cv::Size size = {160, 90}) {
    cv::Mat picture(size, CV_8UC1, cv::Scalar(100));
    if (moving) picture(cv::Rect(20 + int(number_ % 50), 20, 20, 20)).setTo(220);
    const std::uint64_t number = number_++;
    return test::test_frame(number, MonoTime{1h} + number * 40ms, picture);
  }

 private:
  std::uint64_t number_ = 0;
};

std::vector<std::string> names(const FrameReport& report) {
  std::vector<std::string> all;
  for (const auto& analyzer : report.analyzers) all.push_back(analyzer.plugin);
  return all;
}

TEST_CASE("facts flow down the list, within one frame") {
  Plugins plugins;
  bool first_saw = false;
  std::vector<bool> second_saw;
  plugins.add("first", [&](const sdk::Input& in, sdk::Observations& out) {
    first_saw = first_saw || in.facts.movers.has_value();
    if (in.frame.sequence() == 0) out.facts.movers = sdk::Movers{{{7, {1, 2, 3, 4}, "person"}}};
  });
  plugins.add("second",
              [&](const sdk::Input& in, sdk::Observations&) { second_saw.push_back(in.facts.movers.has_value()); });
  Chain chain(plugins.settings, plugins.context());
  Film film;
  for (int i = 0; i < 2; ++i) chain.process(film.next(), {});
  CHECK_FALSE(first_saw);
  CHECK(second_saw == std::vector<bool>{true, false});
}

TEST_CASE("where people are reaches those before in the list with the next frames, for five seconds") {
  Plugins plugins;
  std::vector<bool> first_saw;
  plugins.add("first",
              [&](const sdk::Input& in, sdk::Observations&) { first_saw.push_back(in.facts.people.has_value()); });
  plugins.add("second", [&](const sdk::Input& in, sdk::Observations& out) {
    if (in.frame.sequence() == 0) out.facts.people = sdk::People{{{1, 2, 3, 4}}};
  });
  Chain chain(plugins.settings, plugins.context());
  Film film;
  for (int i = 0; i < 127; ++i) chain.process(film.next(), {});
  CHECK_FALSE(first_saw.at(0));
  CHECK(std::count(first_saw.begin(), first_saw.end(), true) == 125);
  CHECK_FALSE(first_saw.at(126));
}

TEST_CASE("only those called are in the report, in order") {
  Plugins plugins;
  const test::Work nothing = [](const sdk::Input&, sdk::Observations&) {};
  plugins.add("always", nothing);
  plugins.add("moved", nothing, "on_motion");
  plugins.add("seldom", nothing, "2s");
  Chain chain(plugins.settings, plugins.context());
  Film film;
  CHECK(names(chain.process(film.next(), {})) == std::vector<std::string>{"always", "moved", "seldom"});
  CHECK(names(chain.process(film.next(), {})) == std::vector<std::string>{"always"});
  const FrameReport moving = chain.process(film.next(true), {});
  CHECK(moving.motion);
  CHECK(names(moving) == std::vector<std::string>{"always", "moved"});
  for (int i = 0; i < 46; ++i) chain.process(film.next(), {});
  CHECK(names(chain.process(film.next(), {})).size() == 2);
  CHECK(names(chain.process(film.next(), {})) == std::vector<std::string>{"always", "moved", "seldom"});
  CHECK(names(chain.process(film.next(), {})) == std::vector<std::string>{"always", "moved"});
}

TEST_CASE("a plugin that throws is left out and the others go on") {
  Plugins plugins;
  log::capture([](std::string_view) {});
  plugins.add("bad", [](const sdk::Input&, sdk::Observations&) { throw std::runtime_error("no"); });
  plugins.add("good", [](const sdk::Input&, sdk::Observations&) {});
  Chain chain(plugins.settings, plugins.context());
  Film film;
  for (int i = 0; i < 7; ++i) CHECK(names(chain.process(film.next(), {})) == std::vector<std::string>{"good"});
  log::capture({});
  CHECK(chain.slots()[0]->state() == host::SlotState::disabled);
}

TEST_CASE("a discontinuity reaches each analyzer at its next call, once") {
  Plugins plugins;
  std::vector<bool> always, seldom;
  plugins.add("always", [&](const sdk::Input& in, sdk::Observations&) { always.push_back(in.discontinuity); });
  plugins.add(
      "seldom", [&](const sdk::Input& in, sdk::Observations&) { seldom.push_back(in.discontinuity); }, "120ms");
  Chain chain(plugins.settings, plugins.context());
  Film film;
  Chain::Call broken;
  broken.discontinuity = true;
  chain.process(film.next(), {});
  chain.process(film.next(), broken);
  chain.process(film.next(), {});
  chain.process(film.next(), {});
  CHECK(always == std::vector<bool>{false, true, false, false});
  CHECK(seldom == std::vector<bool>{false, true});
  chain.process(film.next(false, {320, 180}), {});
  CHECK(always.back());
}

TEST_CASE("unrelated pictures: every analyzer called, no motion, no discontinuity") {
  Plugins plugins;
  int calls = 0;
  plugins.add(
      "seldom",
      [&](const sdk::Input& in, sdk::Observations&) {
        CHECK(in.still);
        CHECK_FALSE(in.discontinuity);
        CHECK(in.motion_regions.empty());
        ++calls;
      },
      "1h");
  Chain chain(plugins.settings, plugins.context());
  Film film;
  Chain::Call still;
  still.still = true;
  chain.process(film.next(), still);
  chain.process(film.next(true), still);
  chain.process(film.next(false, {320, 180}), still);
  CHECK(calls == 3);
}

TEST_CASE("wanted views, motion and the running plugin's name are passed on") {
  Plugins plugins;
  std::atomic<const std::string*> running{nullptr};
  std::string inside;
  bool wanted = false;
  plugins.add("eye", [&](const sdk::Input& in, sdk::Observations&) {
    inside = *running.load();
    wanted = in.wants("enhanced") && !in.wants("topdown");
  });
  Chain chain(plugins.settings, plugins.context());
  Chain::Call call;
  call.wanted_views = {"enhanced"};
  call.in_plugin = &running;
  chain.process(Film().next(), call);
  CHECK(wanted);
  CHECK(inside == "eye");
  CHECK(running.load() == nullptr);
}

TEST_CASE("a plugin nobody loaded is left out with a line") {
  Plugins plugins;
  AnalyzerSettings missing;
  missing.plugin = "missing";
  plugins.settings.analyzers.push_back(missing);
  std::string line;
  log::capture([&](std::string_view text) { line = text; });
  const Chain chain(plugins.settings, plugins.context());
  log::capture({});
  CHECK(chain.slots().empty());
  CHECK(line.find("plugin=missing") != std::string::npos);
}

}  // namespace
}  // namespace lynceus::camera
