// The plugin as the daemon loads it: what it shows, what it says of bad cases, and that the camera's own picture goes
// through whenever the enhanced one would be wrong.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/host/analyzer_slot.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/context/pictures.h"
#include "tests/unit/host/slot_setup.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

/// A camera with the context plugin, frame by frame at 25 a second.
class NightCamera {
 public:
  explicit NightCamera(std::map<std::string, sdk::OptionValue> options)
      : setup_(std::string(LYNCEUS_PLUGINS) + "/lynceus_context.so", std::move(options)), slot_(setup_.setup) {}

  const cv::Mat& show(const cv::Mat& bgr) {
    ingest::PictureFrameData data;
    data.sequence = shown_;
    data.captured = MonoTime{1h} + step_ * shown_++;
    data.captured_wall = WallTime{} + 10h;
    data.picture = bgr;
    const sdk::FramePtr frame = ingest::make_picture_frame(std::move(data));
    cv::Mat shrunk;
    cv::resize(frame->luma(), shrunk, {160, 160 * bgr.rows / bgr.cols}, 0, 0, cv::INTER_AREA);
    const cv::Mat motion = cv::Mat::zeros(shrunk.size(), CV_8UC1);
    const sdk::Facts facts;
    const sdk::Input input{*frame, shrunk, motion, {}, light, std::exchange(discontinuity, false),
                           facts,  wanted, still};
    auto said = slot_.process(input);
    REQUIRE(said);
    said_ = std::move(*said);
    enhanced_ = cv::Mat();
    for (const sdk::View& view : said_.views) {
      if (view.name == "enhanced") enhanced_ = view.picture;
    }
    return enhanced_;
  }

  bool active(const std::string& kind) const {
    for (const sdk::Condition& condition : said_.conditions) {
      if (condition.kind == kind) return condition.active;
    }
    FAIL("condition not reported: " << kind);
    return false;
  }
  void set_step(std::chrono::milliseconds step) { step_ = step; }

  sdk::Light light = sdk::Light::night;
  bool discontinuity = false, still = false;
  std::vector<std::string> wanted{"enhanced"};

 private:
  SlotSetup setup_;
  host::AnalyzerSlot slot_;
  std::int64_t shown_ = 0;
  std::chrono::milliseconds step_ = 40ms;
  sdk::Observations said_;
  cv::Mat enhanced_;
};

/// A place by day and by night, the day picture on disk.
struct Place {
  explicit Place(cv::Size size = {320, 240}) : day(place(size, 3)), night(by_night(day, 4)) {
    picture::write(folder / "day.png", day);
    picture::write(folder / "reference.png", night);
  }
  std::map<std::string, sdk::OptionValue> options() const {
    return {{"day", folder / "day.png"}, {"reference", folder / "reference.png"}};
  }
  cv::Mat with_thing(int x, int y = 100) const {
    cv::Mat frame = night.clone();
    cv::rectangle(frame, cv::Rect(x, y, 40, 60), cv::Scalar(90, 110, 130), cv::FILLED);
    cv::rectangle(frame, cv::Rect(x + 8, y + 10, 12, 20), cv::Scalar(20, 20, 30), cv::FILLED);
    return frame;
  }

  TempFolder folder;
  cv::Mat day, night;
};

TEST_CASE("an empty night shows the day, bit by bit") {
  const Place place;
  NightCamera camera(place.options());
  for (int i = 0; i < 5; ++i) REQUIRE(greatest_difference(camera.show(place.night), place.day) == 0);
  REQUIRE_FALSE(camera.active("no_day_picture"));
  REQUIRE_FALSE(camera.active("misaligned"));
}

TEST_CASE("what moves is there with the night's gradients, the rest of the place by day") {
  const Place place;
  NightCamera camera(place.options());
  cv::Mat seen;
  for (int i = 0; i < 5; ++i) seen = camera.show(place.with_thing(60 + 10 * i)).clone();
  // The dark window in the thing: the same step as by night.
  const auto luma = [](const cv::Mat& picture, int x, int y) {
    const auto& pixel = picture.at<cv::Vec3b>(y, x);
    return 0.114 * pixel[0] + 0.587 * pixel[1] + 0.299 * pixel[2];
  };
  const cv::Mat night = place.with_thing(100);
  const double wanted = luma(night, 104, 120) - luma(night, 112, 120), is = luma(seen, 104, 120) - luma(seen, 112, 120);
  REQUIRE(is == Approx(wanted).margin(12));
  cv::Mat far(place.day.size(), CV_8UC1, cv::Scalar(255));
  far(cv::Rect(40, 70, 140, 130)).setTo(0);
  cv::Mat apart;
  cv::absdiff(seen, place.day, apart);
  apart.setTo(cv::Scalar::all(0), ~far);
  REQUIRE(cv::norm(apart, cv::NORM_INF) == 0);
}

TEST_CASE("the same picture by day and by night comes back as it is") {
  const Place place;
  NightCamera camera({{"day", place.folder / "day.png"}});
  REQUIRE(greatest_difference(camera.show(place.day), place.day) == 0);
  NightCamera pair({{"day", place.folder / "day.png"}, {"mode", std::string("static")}});
  pair.still = true;
  REQUIRE(greatest_difference(pair.show(place.day), place.day) <= 1);
}

TEST_CASE("white areas return the night picture, black ones the day") {
  for (const cv::Size size : {cv::Size(320, 240), cv::Size(161, 121)}) {
    const Place place(size);
    for (const int level : {0, 255}) {
      picture::write(place.folder / "areas.png", cv::Mat(size, CV_8UC1, cv::Scalar(level)));
      for (const char* mode : {"static", "video"}) {
        auto options = place.options();
        options["areas"] = place.folder / "areas.png";
        options["mode"] = std::string(mode);
        NightCamera camera(options);
        INFO(mode << " " << level << " " << size.width);
        REQUIRE(greatest_difference(camera.show(place.night), level == 255 ? place.night : place.day) <= 1);
      }
    }
  }
}

TEST_CASE("a folder of areas has one for each frame, the last for all that follow") {
  const Place place;
  std::filesystem::create_directories(place.folder / "areas");
  picture::write(place.folder / "areas/1.png", cv::Mat(place.day.size(), CV_8UC1, cv::Scalar(255)));
  picture::write(place.folder / "areas/2.png", cv::Mat(place.day.size(), CV_8UC1, cv::Scalar(0)));
  auto options = place.options();
  options["areas"] = place.folder / "areas";
  NightCamera camera(options);
  REQUIRE(greatest_difference(camera.show(place.night), place.night) <= 1);
  for (int i = 0; i < 2; ++i) REQUIRE(greatest_difference(camera.show(place.night), place.day) <= 1);
}

TEST_CASE("a day picture of another camera is laid over the view by four points; what it does not reach stays night") {
  const Place place;
  // The other camera sees all but the lowest quarter, and more on the right.
  const cv::Size size = place.day.size();
  const sdk::Polygon day{{0, 0}, {0.8, 0}, {0.8, 1}, {0, 1}}, frame{{0, 0}, {1, 0}, {1, 0.75}, {0, 0.75}};
  cv::Mat beside(size, CV_8UC3, cv::Scalar::all(90));
  const cv::Mat upper = place.day(cv::Rect(0, 0, size.width, size.height * 3 / 4));
  cv::resize(upper, beside(cv::Rect(0, 0, size.width * 4 / 5, size.height)), {size.width * 4 / 5, size.height});
  picture::write(place.folder / "beside.png", beside);
  auto options = place.options();
  options["day"] = place.folder / "beside.png";
  options["homography.day"] = day;
  options["homography.frame"] = frame;
  NightCamera camera(options);
  const cv::Mat seen = camera.show(place.night);
  // Levels meet where the two do; steps are the day's above and the night's below.
  const auto typical = [&](const cv::Rect& part, const cv::Mat& wanted) {
    cv::Mat is, should;
    cv::Sobel(seen(part), is, CV_32F, 1, 0);
    cv::Sobel(wanted(part), should, CV_32F, 1, 0);
    return cv::norm(is, should, cv::NORM_L1) / cv::norm(should, cv::NORM_L1);
  };
  const cv::Rect above(0, 0, size.width, size.height / 2);
  const cv::Rect below(0, size.height * 3 / 4 + 8, size.width, size.height / 4 - 8);
  INFO(typical(above, place.day) << " " << typical(above, place.night) << " " << typical(below, place.day) << " "
                                 << typical(below, place.night));
  REQUIRE(typical(above, place.day) < 0.5 * typical(above, place.night));
  REQUIRE(typical(below, place.night) < 0.5 * typical(below, place.day));
  REQUIRE_FALSE(camera.active("misaligned"));
}

TEST_CASE("without a day picture the camera's own goes through, with a condition") {
  const Place place;
  NightCamera missing({{"day", place.folder / "nothing.png"}});
  REQUIRE(greatest_difference(missing.show(place.night), place.night) == 0);
  REQUIRE(missing.active("no_day_picture"));
  NightCamera none({});
  REQUIRE(greatest_difference(none.show(place.night), place.night) == 0);
  REQUIRE(none.active("no_day_picture"));
}

TEST_CASE("a frame of another shape goes through, with a condition, until the size is right again") {
  const Place place;
  NightCamera camera(place.options());
  const cv::Mat wide(180, 320, CV_8UC3, cv::Scalar::all(40));
  camera.show(place.night);
  REQUIRE(greatest_difference(camera.show(wide), wide) == 0);
  REQUIRE(camera.active("size_mismatch"));
  REQUIRE(greatest_difference(camera.show(place.night), place.day) == 0);
  REQUIRE_FALSE(camera.active("size_mismatch"));
}

TEST_CASE("a larger day picture raises the resolution") {
  const Place place({640, 480});
  cv::Mat small;
  cv::resize(place.night, small, {320, 240}, 0, 0, cv::INTER_AREA);
  NightCamera camera({{"day", place.folder / "day.png"}});
  REQUIRE(camera.show(small).size() == cv::Size(640, 480));
}

TEST_CASE("a camera that is moved passes its picture through, and goes on when it is back") {
  const Place place;
  NightCamera camera(place.options());
  for (int i = 0; i < 5; ++i) camera.show(place.night);
  cv::Mat moved;
  const cv::Matx23d by(1, 0, 25, 0, 1, -12);
  cv::warpAffine(place.night, moved, by, place.night.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT);
  for (int i = 0; i < 60; ++i) {
    REQUIRE(greatest_difference(camera.show(moved), moved) == 0);
    REQUIRE(camera.active("misaligned"));
  }
  cv::Mat seen;
  for (int i = 0; i < 60; ++i) seen = camera.show(place.night).clone();
  REQUIRE_FALSE(camera.active("misaligned"));
  REQUIRE(greatest_difference(seen, place.day) == 0);
}

TEST_CASE("a flip of the light is told, and is no motion") {
  const Place place;
  NightCamera camera(place.options());
  for (int i = 0; i < 5; ++i) camera.show(place.night);
  REQUIRE_FALSE(camera.active("light_changed"));
  cv::Mat brighter;
  place.night.convertTo(brighter, CV_8U, 1.4, 25);
  camera.light = sdk::Light::adapting;
  REQUIRE(greatest_difference(camera.show(brighter), brighter) == 0);
  REQUIRE(camera.active("light_changed"));
  camera.light = sdk::Light::night;
  camera.discontinuity = true;
  for (int i = 0; i < 3; ++i) REQUIRE(greatest_difference(camera.show(brighter), place.day) == 0);
  for (int i = 0; i < 300; ++i) camera.show(brighter);
  REQUIRE_FALSE(camera.active("light_changed"));
}

TEST_CASE("nothing is made while nobody looks, unless always") {
  const Place place;
  NightCamera idle(place.options());
  idle.wanted = {};
  REQUIRE(idle.show(place.night).empty());
  auto options = place.options();
  options["always"] = true;
  NightCamera always(options);
  always.wanted = {};
  REQUIRE_FALSE(always.show(place.night).empty());
}

TEST_CASE("by day the place is learned, and the night is enhanced with it") {
  const Place place;
  NightCamera camera({});
  camera.light = sdk::Light::day;
  camera.set_step(5000ms);
  cv::RNG random(1);
  for (int i = 0; i < 120; ++i) {
    cv::Mat frame = with_noise(place.day, 2, random);
    if (i < 2) cv::rectangle(frame, cv::Rect(200, 150, 40, 40), cv::Scalar(0, 0, 255), cv::FILLED);
    REQUIRE(greatest_difference(camera.show(frame), frame) == 0);
  }
  REQUIRE_FALSE(camera.active("no_day_picture"));
  camera.light = sdk::Light::night;
  camera.set_step(40ms);
  camera.discontinuity = true;
  cv::Mat seen;
  for (int i = 0; i < 3; ++i) seen = camera.show(place.night).clone();
  REQUIRE_FALSE(camera.active("no_day_picture"));
  REQUIRE(cv::norm(seen, place.day, cv::NORM_L1) / double(3 * seen.total()) < 2);
}

}  // namespace
}  // namespace lynceus::test
