#include "daemon/live/pictures.h"

#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "daemon/live/draw.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/daemon/fake_cameras.h"

using namespace lynceus;
using namespace lynceus::test;
using daemon::LiveBoard;
using daemon::Pictures;

namespace {

struct Room {
  FakeClock clock;
  LiveBoard board{clock};
  Pictures pictures{board, clock};

  explicit Room(daemon::Veil veil = {}) {
    board.add("lobby");
    pictures.add("lobby", std::move(veil));
  }
};

cv::Mat decoded(const daemon::Jpeg& jpeg) { return picture::decode(jpeg.bytes, "test").pixels; }

}  // namespace

TEST_CASE("many viewers of one frame cost one encode") {
  Room room;
  CHECK(room.pictures.newest("lobby", "raw") == nullptr);
  room.board.on_report(report_of("lobby", 1, "health", {}));
  const auto first = room.pictures.newest("lobby", "raw");
  REQUIRE(first);
  for (int i = 0; i < 20; ++i) CHECK(room.pictures.newest("lobby", "raw") == first);
  CHECK(room.pictures.encodes() == 1);
  CHECK(decoded(*first).size() == cv::Size(64, 48));

  room.board.on_report(report_of("lobby", 2, "health", {}));
  CHECK(room.pictures.newest("lobby", "raw") != first);
  CHECK(room.pictures.encodes() == 2);
}

TEST_CASE("asking for a plugin's view makes it wanted, and it comes with the next report") {
  Room room;
  room.board.on_report(report_of("lobby", 1, "context", {}));
  CHECK(room.pictures.newest("lobby", "enhanced") == nullptr);
  CHECK(room.board.wanted("lobby").size() == 1);

  sdk::Observations said;
  said.views.push_back({"enhanced", cv::Mat(20, 30, CV_16UC1, cv::Scalar(4000))});
  room.board.on_report(report_of("lobby", 2, "context", said));
  const auto view = room.pictures.newest("lobby", "enhanced");
  REQUIRE(view);
  CHECK(decoded(*view).size() == cv::Size(30, 20));
  // Frames on which the plugin was not called do not make the view newer.
  room.board.on_report(report_of("lobby", 3, "health", {}));
  CHECK(room.pictures.newest("lobby", "enhanced") == view);
}

TEST_CASE("overlays are drawn and privacy masks are black") {
  Room room({{{{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}}, false});
  sdk::Observations said;
  said.overlay.boxes.push_back({cv::Rect2d(40, 10, 10, 10), cv::Scalar(0, 0, 255), ""});
  room.board.on_report(report_of("lobby", 1, "people", said));
  const auto live = room.board.newest("lobby");
  const daemon::Veil left{{{{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}}, false};

  const cv::Mat raw = daemon::picture_raw(*live, left);
  CHECK(raw.at<cv::Vec3b>(20, 10) == cv::Vec3b(0, 0, 0));
  CHECK(raw.at<cv::Vec3b>(20, 55) == cv::Vec3b(90, 90, 90));
  const cv::Mat overlay = daemon::picture_overlay(*live, left);
  CHECK(overlay.at<cv::Vec3b>(20, 10) == cv::Vec3b(0, 0, 0));
  CHECK(cv::norm(raw, overlay, cv::NORM_INF) > 0);
  CHECK(room.pictures.newest("lobby", "overlay"));
}

TEST_CASE("a removed camera has no pictures") {
  Room room;
  room.board.on_report(report_of("lobby", 1, "health", {}));
  REQUIRE(room.pictures.newest("lobby", "raw"));
  room.board.remove("lobby");
  room.pictures.remove("lobby");
  CHECK(room.pictures.newest("lobby", "raw") == nullptr);
}

TEST_CASE("where a 16-bit view knows nothing it is black, and the rest has the whole range") {
  cv::Mat kelvin(4, 4, CV_16UC1, cv::Scalar(29'300));
  kelvin.at<std::uint16_t>(0, 0) = 0;
  kelvin.at<std::uint16_t>(3, 3) = 33'300;
  kelvin.at<std::uint16_t>(2, 2) = 31'300;
  const cv::Mat shown = daemon::viewable(kelvin);
  REQUIRE(shown.type() == CV_8UC1);
  CHECK(shown.at<std::uint8_t>(0, 0) == 0);
  CHECK(shown.at<std::uint8_t>(1, 1) == 0);
  CHECK(std::abs(shown.at<std::uint8_t>(2, 2) - 128) <= 1);
  CHECK(shown.at<std::uint8_t>(3, 3) == 255);
}
