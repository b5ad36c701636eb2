// What a camera's veil hides, in every kind of picture that leaves.
#include "daemon/live/veil.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "daemon/live/draw.h"
#include "daemon/live/pictures.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_frame.h"

namespace lynceus::test {
namespace {

using daemon::Veil;

const Veil kBlur{{}, true};
const cv::Rect kLeft(10, 10, 30, 90), kRight(110, 10, 40, 90);

/// Fine stripes: what is blurred is grey, what is not is not.
cv::Mat stripes(cv::Size size = {160, 120}) {
  cv::Mat picture(size, CV_8UC1);
  for (int x = 0; x < picture.cols; ++x) picture.col(x).setTo(x % 2 ? 255 : 0);
  return picture;
}

double contrast(const cv::Mat& picture, const cv::Rect& part) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(picture(part), mean, deviation);
  return deviation[0];
}
bool clear(const cv::Mat& picture, const cv::Rect& part) { return contrast(picture, part) > 80; }
bool blurred(const cv::Mat& picture, const cv::Rect& part) { return contrast(picture, part) < 40; }

daemon::PluginWord word(const std::string& plugin, std::uint64_t sequence, sdk::Observations said) {
  daemon::PluginWord out;
  out.plugin = plugin;
  out.observations = std::make_shared<const sdk::Observations>(std::move(said));
  out.sequence = sequence;
  return out;
}

sdk::Observations person(const cv::Rect& box) {
  sdk::Observations said;
  sdk::Entity entity;
  entity.label = "person";
  entity.box = box;
  said.entities.push_back(entity);
  return said;
}

sdk::Observations view(const std::string& name, cv::Mat picture) {
  sdk::Observations said;
  said.views.push_back({name, std::move(picture)});
  return said;
}

daemon::CameraSnapshot live(std::uint64_t sequence, std::vector<daemon::PluginWord> words) {
  daemon::CameraSnapshot out;
  out.frame = test_frame(sequence, {}, stripes());
  out.plugins = std::move(words);
  return out;
}

cv::Mat shown(const daemon::CameraSnapshot& snapshot, std::size_t of, const Veil& veil) {
  const daemon::PluginWord& said = snapshot.plugins[of];
  return daemon::picture_view(snapshot, said, said.observations->views[0], veil);
}

TEST_CASE("raw and overlay: people are blurred, the rest is not, and the frame stays as it was") {
  const auto snapshot = live(7, {word("people", 7, person(kLeft))});
  for (const cv::Mat& picture : {daemon::picture_raw(snapshot, kBlur), daemon::picture_overlay(snapshot, kBlur)}) {
    REQUIRE(blurred(picture, kLeft));
    REQUIRE(clear(picture, kRight));
  }
  REQUIRE(clear(daemon::picture_raw(snapshot, {}), kLeft));
  REQUIRE(clear(snapshot.frame->bgr(), kLeft));
}

TEST_CASE("people of any analyzer are blurred") {
  const auto snapshot = live(7, {word("people", 7, {}), word("other", 5, person(kLeft))});
  REQUIRE(blurred(daemon::picture_raw(snapshot, kBlur), kLeft));
  REQUIRE(clear(daemon::picture_raw(snapshot, kBlur), kRight));
}

TEST_CASE("where people are in this very frame is not known: all of it is blurred") {
  auto of_another_connection = word("people", 7, person(kLeft));
  of_another_connection.at = WallTime(std::chrono::seconds{1});
  for (const auto& snapshot : {live(7, {}), live(7, {word("other", 7, person(kLeft))}),
                               live(7, {word("people", 6, person(kLeft))}), live(7, {of_another_connection})}) {
    REQUIRE(blurred(daemon::picture_raw(snapshot, kBlur), kRight));
    REQUIRE(blurred(daemon::picture_overlay(snapshot, kBlur), kRight));
  }
}

TEST_CASE("views: blurred by what was said of their own frame") {
  const auto same = live(9, {word("people", 8, person(kLeft)), word("context", 8, view("enhanced", stripes()))});
  REQUIRE(blurred(shown(same, 1, kBlur), kLeft));
  REQUIRE(clear(shown(same, 1, kBlur), kRight));
  REQUIRE(clear(same.plugins[1].observations->views[0].picture, kLeft));
  const auto older = live(9, {word("people", 9, person(kLeft)), word("context", 8, view("enhanced", stripes()))});
  REQUIRE(blurred(shown(older, 1, kBlur), kRight));
}

TEST_CASE("a view of another size shows who knows what; one that is drawn shows nobody") {
  const Veil masked{{{{0, 0}, {0.1, 0}, {0.1, 0.1}}}, false};
  const auto snapshot = live(
      7, {word("people", 7, view("topdown", stripes({80, 80}))), word("other", 7, view("topdown", stripes({80, 80})))});
  const cv::Rect all(0, 0, 80, 80);
  REQUIRE(clear(shown(snapshot, 0, kBlur), all));
  REQUIRE(blurred(shown(live(7, {word("people", 7, view("portrait", stripes({80, 80})))}), 0, kBlur), all));
  REQUIRE(blurred(shown(snapshot, 1, kBlur), all));
  REQUIRE(cv::countNonZero(shown(snapshot, 1, masked)) == 0);
  REQUIRE(clear(shown(snapshot, 1, {}), all));
}

TEST_CASE("masks are black in views too, and nothing of them gets into what is blurred") {
  const Veil veil{{{{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}}, true};
  cv::Mat white_left(120, 160, CV_8UC1, cv::Scalar(0));
  white_left(cv::Rect(0, 0, 80, 120)).setTo(255);
  const auto snapshot =
      live(7, {word("people", 7, person({40, 10, 80, 90})), word("context", 7, view("enhanced", white_left))});
  REQUIRE(cv::countNonZero(shown(snapshot, 1, veil)(cv::Rect(0, 0, 160, 120))) <= 120);  // the mask's very edge
}

TEST_CASE("what HTTP gets of a camera is behind its veil") {
  FakeClock clock;
  daemon::LiveBoard board(clock);
  daemon::Pictures pictures(board, clock);
  camera::CameraSettings settings;
  settings.id = "lobby";
  settings.privacy = camera::Privacy::blur;
  board.add("lobby");
  pictures.add("lobby", daemon::veil_of(settings));

  camera::FrameReport report;
  report.camera = "lobby";
  report.frame = test_frame(1, {}, stripes());
  report.analyzers.push_back({"people", std::make_shared<const sdk::Observations>(person(kLeft)), 0});
  report.analyzers.push_back({"context", std::make_shared<const sdk::Observations>(view("enhanced", stripes())), 0});
  board.on_report(report);
  for (const char* name : {"raw", "overlay", "enhanced"}) {
    CAPTURE(name);
    const auto jpeg = pictures.newest("lobby", name);
    REQUIRE(jpeg);
    const cv::Mat picture = picture::decode(jpeg->bytes, "test").pixels;
    REQUIRE(blurred(picture, kLeft));
    REQUIRE(clear(picture, kRight));
  }
}

}  // namespace
}  // namespace lynceus::test
