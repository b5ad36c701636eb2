// The network's seam: what goes in, what comes out, what is refused.
#include "plugins/scene/segmenter.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "tests/support/catch.h"
#include "tests/unit/scene/room_stage.h"

namespace lynceus {
namespace {

using scene::Segmenter;
using test::PaintedNetwork;

std::string refusal(PaintedNetwork& network) {
  try {
    Segmenter("m.onnx", network);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the picture goes in stretched, blue first, as value/255") {
  PaintedNetwork network;
  Segmenter segmenter("m.onnx", network);
  segmenter.look(cv::Mat(720, 1280, CV_8UC3, cv::Scalar(51, 102, 255)));
  const cv::Mat& input = network.last_input;
  REQUIRE(input.dims == 4);
  REQUIRE((input.size[0] == 1 && input.size[1] == 3 && input.size[2] == 240 && input.size[3] == 320));
  REQUIRE(input.ptr<float>(0, 0)[999] == Approx(0.2));
  REQUIRE(input.ptr<float>(0, 1)[999] == Approx(0.4));
  REQUIRE(input.ptr<float>(0, 2)[999] == Approx(1.0));
  network.shapes = {{3, 96, 128}};
  Segmenter("m.onnx", network).look(cv::Mat(240, 320, CV_8UC3, cv::Scalar(1, 2, 3)));
  REQUIRE((network.last_input.size[2] == 96 && network.last_input.size[3] == 128));
  network.shapes = {{3, -1, -1}};
  Segmenter("m.onnx", network).look(cv::Mat(240, 320, CV_8UC3, cv::Scalar(1, 2, 3)));
  REQUIRE((network.last_input.size[2] == 240 && network.last_input.size[3] == 320));
}

TEST_CASE("probabilities add up to one, and are the softmax of what the network says") {
  PaintedNetwork network;
  network.tamper = [](const cv::Mat& t) {
    cv::Mat out = t.clone();
    for (int i = 0; i < 4; ++i) out.ptr<float>(0, i)[0] = float(i) + 500;
    return out;
  };
  Segmenter segmenter("m.onnx", network);
  const scene::Maps maps = segmenter.look(cv::Mat(240, 320, CV_8UC3, cv::Scalar::all(90)));
  REQUIRE(maps.size() == 4);
  cv::Mat sum = maps[0] + maps[1] + maps[2] + maps[3];
  REQUIRE(cv::norm(sum, cv::Mat::ones(sum.size(), CV_32F), cv::NORM_INF) < 1e-5);
  const double all = 1 + std::exp(1.0) + std::exp(2.0) + std::exp(3.0);
  for (int i = 0; i < 4; ++i) REQUIRE(maps[std::size_t(i)].at<float>(0, 0) == Approx(std::exp(double(i)) / all));
}

TEST_CASE("forty classes fold; of four the finer ones cannot be had") {
  PaintedNetwork network;
  network.classes = 40;
  Segmenter segmenter("m.onnx", network);
  REQUIRE(segmenter.classes() == 40);
  for (const int to : {4, 13, 40})
    REQUIRE(scene::fold(segmenter.look(cv::Mat(9, 9, CV_8UC3, cv::Scalar::all(9))), to).size() == std::size_t(to));
  test::RoomStage finer({{"classes", std::int64_t{13}}});
  REQUIRE_THROWS_WITH(finer.restart(), "classes 13: the network knows 4");
  finer.painted.classes = 40;
  finer.restart();
  test::RoomStage odd({{"classes", std::int64_t{5}}});
  REQUIRE_THROWS_WITH(odd.restart(), "classes must be 4, 13 or 40");
}

TEST_CASE("networks of another kind are refused when they are loaded, with what they give") {
  PaintedNetwork network;
  network.classes = 5;
  REQUIRE(refusal(network) == "m.onnx: the network gives 1x5x60x80; wanted is one output of 1xNxHxW logits, N 4 or 40");
  network.classes = 4;
  network.tamper = [](const cv::Mat& t) { return t.reshape(1, 4); };
  REQUIRE(refusal(network).find("the network gives 4x4800;") != std::string::npos);
  network.tamper = [](const cv::Mat& t) {
    cv::Mat out = t.clone();
    out.ptr<float>(0, 2)[7] = std::numeric_limits<float>::quiet_NaN();
    return out;
  };
  REQUIRE(refusal(network) == "m.onnx: the network gives numbers that are none");
  network.tamper = {};
  network.shapes = {{1, 240, 320}};
  REQUIRE(refusal(network) == "m.onnx: the network's input is no picture of three channels");
  network.shapes = {{3, 8, 8}};
  REQUIRE(refusal(network) == "m.onnx: the network's input is 8x8");
  network.shapes = {};
  REQUIRE(refusal(network).empty());
}

TEST_CASE("labels: probabilities are stretched first, then compared") {
  // Two cells: the third class is second in both, and wins halfway between them.
  scene::Maps maps(3);
  const float values[3][2] = {{0.6F, 0.0F}, {0.0F, 0.6F}, {0.4F, 0.4F}};
  for (int i = 0; i < 3; ++i) maps[std::size_t(i)] = cv::Mat(1, 2, CV_32F, const_cast<float*>(values[i])).clone();
  const cv::Mat labels = scene::labels_of(maps, {8, 1});
  REQUIRE(labels.at<uchar>(0, 0) == 0);
  REQUIRE(labels.at<uchar>(0, 7) == 1);
  REQUIRE(labels.at<uchar>(0, 4) == 2);
}

}  // namespace lynceus
