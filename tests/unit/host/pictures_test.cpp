#include <opencv2/core.hpp>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "pipeline/host/slot_services.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace lynceus::host {
namespace {

/// Three even pictures of levels 1, 2 and 3.
class ThreePictures {
 public:
  ThreePictures() {
    for (int level = 1; level <= 3; ++level) {
      picture::write(folder_ / (std::to_string(level) + ".png"), cv::Mat(4, 6, CV_8UC3, cv::Scalar::all(level)));
    }
  }
  const std::string& path() const { return folder_.path(); }

 private:
  test::TempFolder folder_;
};

TEST_CASE("a folder's pictures come in order until the analyzer has enough") {
  const ThreePictures pictures;
  SlotPictures service{std::stop_token()};
  std::vector<int> levels;
  service.read(pictures.path(), [&](const cv::Mat& picture, double) {
    levels.push_back(picture.at<cv::Vec3b>(0, 0)[0]);
    return levels.size() < 2;
  });
  REQUIRE(levels == std::vector<int>{1, 2});
}

TEST_CASE("one image is one picture; nothing there is told") {
  const ThreePictures pictures;
  SlotPictures service{std::stop_token()};
  int count = 0;
  const auto take = [&](const cv::Mat&, double) { return ++count != 0; };
  service.read(pictures.path() + "/2.png", take);
  REQUIRE(count == 1);
  REQUIRE_THROWS_AS(service.read(pictures.path() + "/4.png", take), std::runtime_error);
  REQUIRE_THROWS_AS(service.read("rtsp://192.0.2.1/", take), std::runtime_error);
}

TEST_CASE("reading ends when the camera is stopped") {
  const ThreePictures pictures;
  std::stop_source stop;
  SlotPictures service{stop.get_token()};
  int count = 0;
  const auto take = [&](const cv::Mat&, double) {
    stop.request_stop();
    return ++count != 0;
  };
  REQUIRE_THROWS_AS(service.read(pictures.path(), take), std::runtime_error);
  REQUIRE(count == 1);
}

}  // namespace
}  // namespace lynceus::host
