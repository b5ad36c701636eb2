#include "plugins/people/detect/network.h"

#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/sdk/model_path.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace lynceus::test {
namespace {

using people::DetectorOptions;

/// Answers every page as the project's own network would that sees one person in the middle.
class FakeInference final : public sdk::Inference {
 public:
  std::vector<std::vector<int>> shapes;
  std::string missing;
  sdk::ModelFile loaded;
  cv::Size last;
  int channels = 5;

  Model load(const sdk::ModelFile& file) override {
    if (!missing.empty()) throw std::runtime_error("cannot load model: " + file.path + ": " + missing);
    loaded = file;
    return 0;
  }
  std::vector<cv::Mat> infer(Model, const std::vector<cv::Mat>& inputs) override {
    last = {inputs.at(0).size[3], inputs.at(0).size[2]};
    cv::Mat map({1, channels, last.height / 32, last.width / 32}, CV_32F, cv::Scalar(-20));
    const int cell = map.size[2] / 2 * map.size[3] + map.size[3] / 2;
    for (int i = 0; i < channels; ++i) map.ptr<float>(0, i)[cell] = i == 0 ? 2.0F : 0.0F;
    return {map};
  }
  std::vector<std::vector<int>> input_shapes(Model) const override { return shapes; }
};

std::string refusal(const DetectorOptions& options, FakeInference& inference) {
  try {
    people::make_detector(options, inference);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the own network takes the shape of the frame", "[people][network]") {
  FakeInference inference;
  const auto own = people::make_detector({.detector = "own", .model_dirs = {"/m"}}, inference);
  CHECK(inference.loaded.path == "/m/people.onnx");
  const auto found = own->detect(cv::Mat(1080, 1920, CV_8UC3, cv::Scalar::all(9)));
  CHECK(inference.last == cv::Size(416, 256));
  REQUIRE(found.size() == 1);
  CHECK(std::abs(found[0].score - 0.8808) < 1e-3);
  CHECK(std::abs(found[0].box.width - 64 * 1920 / 416.0) < 1e-6);
  CHECK(own->detect(cv::Mat()).empty());
  CHECK(own->seen({1920, 1080}) == cv::Size(416, 234));
  CHECK(own->page().empty());
  own->detect_page(cv::Mat(1080, 1920, CV_8UC3, cv::Scalar::all(9)),
                   {{160, 96}, {{{0, 0, 320, 192}, {0, 0, 160, 96}}}});
  CHECK(inference.last == cv::Size(160, 96));
}

TEST_CASE("confidence, low scores and the operating point", "[people][network]") {
  FakeInference inference;
  const cv::Mat frame(320, 320, CV_8UC3, cv::Scalar::all(9));
  const auto high = people::make_detector({.detector = "own", .confidence = 0.9}, inference);
  CHECK(high->operating_point() == 0.9);
  CHECK(high->detect(frame).empty());
  const auto low = people::make_detector({.detector = "own", .confidence = 0.9, .low_scores = true}, inference);
  CHECK(low->operating_point() == 0.9);
  CHECK(low->detect(frame).size() == 1);
  CHECK(people::make_detector({.detector = "own"}, inference)->operating_point() > 0);
}

TEST_CASE("missing and wrong model files are refused when they are named", "[people][network]") {
  FakeInference inference;
  CHECK(refusal({.detector = "yolo9000"}, inference) == "detector 'yolo9000' is not known");
  CHECK(refusal({.detector = "yolox", .model = "x.onnx"}, inference) ==
        "x.onnx: the model's outputs are not those of a YOLOX detector");
  CHECK(refusal({.detector = "darknet", .model = "x.onnx"}, inference) ==
        "x.onnx: a Darknet model is named by its .weights file");
  CHECK(refusal({.detector = "own", .input = 100}, inference) == "input must be a multiple of 32 from 64 to 2048");
  CHECK(refusal({.detector = "own", .input = 99968}, inference) == "input must be a multiple of 32 from 64 to 2048");
  inference.shapes = {{3, 416, 416}};
  CHECK(refusal({.detector = "own", .model = "a.onnx", .input = 320}, inference) ==
        "a.onnx: made for an input of 416x416, not 320x320");
  CHECK(refusal({.detector = "own", .model = "a.onnx", .input = 416}, inference).empty());
  inference.channels = 6;
  CHECK(refusal({.detector = "own", .model = "a.onnx"}, inference) ==
        "a.onnx: the model's outputs are not those of the project's own detector");
  inference.missing = "no such file";
  CHECK(refusal({.detector = "nanodet", .model = "n.onnx"}, inference) == "cannot load model: n.onnx: no such file");
}

TEST_CASE("nobody's choice is the own network, HOG where its file is not there", "[people][network]") {
  FakeInference inference;
  CHECK(people::make_detector({.model_dirs = {"/m"}}, inference)->name() == "own");
  inference.missing = "no such file";
  std::string told;
  const auto hog = people::make_detector(
      {.model_dirs = {"/m"}, .tell = [&told](const std::string& line) { told = line; }}, inference);
  CHECK(hog->name() == "hog");
  CHECK(told ==
        "detector hog instead of own, slower and finding fewer: cannot load model: /m/people.onnx: no such file");
  CHECK(refusal({.detector = {}, .model = "mine.onnx"}, inference) == "cannot load model: mine.onnx: no such file");
  CHECK(refusal({.detector = "own"}, inference) == "cannot load model: people.onnx: no such file");
}

TEST_CASE("a file of the operator's folder goes before the program's own", "[people][network]") {
  const TempFolder operators, own;
  const std::vector<std::string> folders{operators.path(), own.path()};
  CHECK(sdk::model_path(folders, "people.onnx") == folders[0] + "/people.onnx");
  std::ofstream(folders[1] + "/people.onnx") << "x";
  CHECK(sdk::model_path(folders, "people.onnx") == folders[1] + "/people.onnx");
  std::ofstream(folders[0] + "/people.onnx") << "x";
  CHECK(sdk::model_path(folders, "people.onnx") == folders[0] + "/people.onnx");
  CHECK(sdk::model_path({}, "people.onnx") == "people.onnx");
}

TEST_CASE("Darknet weights go with the cfg beside them, at any input", "[people][network]") {
  FakeInference inference;
  inference.shapes = {{3, 416, 416}};
  CHECK(!refusal({.detector = "darknet", .model = "d/yolov3.weights", .input = 320}, inference).empty());
  CHECK(inference.loaded.config == "d/yolov3.cfg");
  CHECK(inference.last == cv::Size(320, 320));
  CHECK(!refusal({.detector = "darknet", .model = "d/yolov3.weights"}, inference).empty());
  CHECK(inference.last == cv::Size(416, 416));
}

}  // namespace lynceus::test
