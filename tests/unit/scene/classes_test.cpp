// The foldings, against those who drew the labels.
#include "plugins/scene/classes.h"

#include <filesystem>
#include <set>
#include <string>

#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"

namespace lynceus {

TEST_CASE("forty classes fold to four and thirteen, each name once, each colour once") {
  for (const int classes : {4, 13, 40}) {
    std::set<std::string> names;
    std::set<int> colours, met;
    for (int i = 0; i < classes; ++i) {
      names.emplace(scene::class_name(classes, i));
      const cv::Vec3b c = scene::class_colour(classes, i);
      colours.insert(c[0] << 16 | c[1] << 8 | c[2]);
    }
    for (int i = 0; i < 40; ++i) met.insert(scene::folded_class(i, classes));
    REQUIRE(names.size() == std::size_t(classes));
    REQUIRE(colours.size() == std::size_t(classes));
    REQUIRE(met.size() == std::size_t(classes));
  }
  REQUIRE(scene::folded_class(19, 4) == scene::kProps);  // a floor mat
  REQUIRE(scene::folded_class(19, 13) == 4);             // is floor there
  REQUIRE(scene::folds(40, 13));
  REQUIRE_FALSE(scene::folds(4, 13));
  REQUIRE_FALSE(scene::folds(13, 4));
}

TEST_CASE("probabilities add up when they are folded") {
  scene::Maps maps;
  for (int i = 0; i < 40; ++i) maps.emplace_back(2, 3, CV_32F, cv::Scalar(i == 1 ? 0.61 : 0.01));
  const scene::Maps four = scene::fold(maps, 4);
  REQUIRE(four[scene::kFloor].at<float>(1, 2) == Approx(0.61));
  REQUIRE(four[scene::kStructure].at<float>(0, 0) == Approx(0.10));
  REQUIRE(four[scene::kFurniture].at<float>(0, 0) == Approx(0.14));
  REQUIRE(four[scene::kProps].at<float>(0, 0) == Approx(0.15));
}

TEST_CASE("labels of forty, folded, are the labels of four and thirteen") {
  LYNCEUS_NEED_DATA(folder, "data/indoor/nyuv2_val");
  int pictures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder + "/labels40")) {
    if (++pictures > 12) break;
    const std::string name = entry.path().filename().string();
    const cv::Mat forty = picture::read(entry.path().string()).pixels;
    for (const int to : {4, 13}) {
      const cv::Mat folded = picture::read(*folder + (to == 4 ? "/labels/" : "/labels13/") + name).pixels;
      cv::Mat ours = forty.clone();
      for (int i = 0; i < 40; ++i) ours.setTo(cv::Scalar(scene::folded_class(i, to)), forty == i);
      REQUIRE(cv::norm(ours, folded, cv::NORM_INF) == 0);
    }
  }
}

}  // namespace lynceus
