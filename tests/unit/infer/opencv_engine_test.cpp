// Real networks, a few bytes each, through the real OpenCV dnn.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/log.h"
#include "pipeline/infer/engine.h"
#include "pipeline/infer/model_runner.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"

namespace lynceus::test {
namespace {

using infer::Backend;

/// y = relu(2 × red − green) for a picture of batch N.
std::string conv_relu(int batch) {
  return TinyOnnx()
      .input("x", {batch, 2, 2, 2})
      .constant("w", {1, 2, 1, 1}, {2, -1})
      .conv("x", "w", "c", {1, 1})
      .node("Relu", {"c"}, "y")
      .output("y", {batch, 1, 2, 2})
      .bytes();
}

/// The shape every detector's head has, and what ties it to a batch of 1: a reshape to fixed dimensions.
std::string fixed_reshape() {
  return TinyOnnx()
      .input("x", {1, 2, 2, 2})
      .constant("w", {1, 2, 1, 1}, {2, -1})
      .conv("x", "w", "c", {1, 1})
      .reshape("c", "y", {1, 4})
      .output("y", {1, 4})
      .bytes();
}

cv::Mat tensor(std::vector<int> dims, float first) {
  cv::Mat out(dims, CV_32F);
  std::iota(out.ptr<float>(), out.ptr<float>() + out.total(), first);
  return out;
}

std::string load_error(infer::Engine& engine, const sdk::ModelFile& file, Backend backend = Backend::cpu,
                       int batch = 1) {
  try {
    engine.load(file, backend, batch);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

infer::ModelRunner opencv_runner(FakeClock& clock) {
  log::set_level(log::Level::error);
  std::vector<std::unique_ptr<infer::Engine>> engines;
  engines.push_back(infer::make_opencv_engine());
  return {{}, std::move(engines), clock};
}

}  // namespace

TEST_CASE("OpenCV runs an ONNX file", "[infer][opencv]") {
  TempFolder folder;
  const auto engine = infer::make_opencv_engine();
  const auto net = engine->load({write_file(folder.path(), "m.onnx", conv_relu(1)), ""}, Backend::cpu, 1);
  CHECK(net->input_shapes() == std::vector<std::vector<int>>{{2, 2, 2}});
  const auto outputs = net->run({tensor({1, 2, 2, 2}, 0)});
  REQUIRE(outputs.size() == 1);
  REQUIRE(outputs[0].total() == 4);
  // 2 × (0, 1, 2, 3) − (4, 5, 6, 7), below zero cut off.
  const std::vector<float> expected{0, 0, 0, 0};
  CHECK(std::equal(expected.begin(), expected.end(), outputs[0].ptr<float>()));
  const auto again = net->run({tensor({1, 2, 2, 2}, 10)});
  CHECK(again[0].ptr<float>()[3] == 9.0F);
  CHECK(outputs[0].ptr<float>()[3] == 0.0F);  // not overwritten by the second run
}

TEST_CASE("several inputs and outputs keep the file's order", "[infer][opencv]") {
  TempFolder folder;
  const std::string bytes = TinyOnnx()
                                .input("a", {1, 4})
                                .input("b", {1, 4})
                                .node("Add", {"a", "b"}, "sum")
                                .node("Sub", {"a", "b"}, "difference")
                                .node("Relu", {"difference"}, "late")
                                .node("Sigmoid", {"sum"}, "early")
                                .output("late", {1, 4})
                                .output("early", {1, 4})
                                .bytes();
  const auto engine = infer::make_opencv_engine();
  const auto net = engine->load({write_file(folder.path(), "m.onnx", bytes), ""}, Backend::cpu, 1);
  const auto outputs = net->run({tensor({1, 4}, 5), tensor({1, 4}, 2)});
  REQUIRE(outputs.size() == 2);
  CHECK(outputs[0].ptr<float>()[0] == 3.0F);
  CHECK(outputs[1].ptr<float>()[0] == Approx(1.0 / (1.0 + std::exp(-7.0))));
  CHECK_THROWS_AS(net->run({tensor({1, 4}, 5)}), std::runtime_error);
}

TEST_CASE("a file made for a batch of 1 is never run batched", "[infer][opencv]") {
  TempFolder folder;
  FakeClock clock;
  auto runner = opencv_runner(clock);
  write_file(folder.path(), "m.json", R"({"batch_sizes": [1, 2, 4]})");
  const int model = runner.load({write_file(folder.path(), "m.onnx", conv_relu(1)), ""});
  CHECK(runner.batch_sizes(model) == std::vector{1});

  const auto engine = infer::make_opencv_engine();
  CHECK(load_error(*engine, {folder / "m.onnx", ""}, Backend::cpu, 2) ==
        "cannot load model: " + (folder / "m.onnx") + ": made for a batch of 1, not 2");
}

TEST_CASE("a file that says any batch and means 1 is found out by its answers", "[infer][opencv]") {
  TempFolder folder;
  FakeClock clock;
  auto runner = opencv_runner(clock);
  write_file(folder.path(), "m.json", R"({"batch_sizes": [2]})");
  std::string bytes = TinyOnnx()
                          .input("x", {-1, 2, 2, 2})
                          .constant("w", {1, 2, 1, 1}, {2, -1})
                          .conv("x", "w", "c", {1, 1})
                          .reshape("c", "y", {1, 4})
                          .output("y", {-1, 4})
                          .bytes();
  const int model = runner.load({write_file(folder.path(), "m.onnx", bytes), ""});
  CHECK(runner.batch_sizes(model) == std::vector{1});
  CHECK(runner.infer(model, {tensor({1, 2, 2, 2}, 10)}, {}).at(0).ptr<float>()[3] == 9.0F);
}

TEST_CASE("a file of open batch is run batched where its manifest says so", "[infer][opencv]") {
  TempFolder folder;
  FakeClock clock;
  auto runner = opencv_runner(clock);
  write_file(folder.path(), "m.json", R"({"batch_sizes": [2]})");
  const int model = runner.load({write_file(folder.path(), "m.onnx", conv_relu(-1)), ""});
  CHECK(runner.batch_sizes(model) == std::vector{1, 2});
  CHECK(runner.infer(model, {tensor({1, 2, 2, 2}, 10)}, {}).at(0).ptr<float>()[3] == 9.0F);
}

TEST_CASE("without a manifest a file of open batch runs one by one", "[infer][opencv]") {
  TempFolder folder;
  FakeClock clock;
  auto runner = opencv_runner(clock);
  const int model = runner.load({write_file(folder.path(), "m.onnx", conv_relu(-1)), ""});
  CHECK(runner.batch_sizes(model) == std::vector{1});
}

TEST_CASE("a file that cannot be loaded is one clear line", "[infer][opencv]") {
  TempFolder folder;
  const auto engine = infer::make_opencv_engine();
  const auto file = [&](const std::string& name) { return folder / name; };
  const auto line = [&](const std::string& name, const std::string& why) {
    return "cannot load model: " + file(name) + ": " + why;
  };
  CHECK(load_error(*engine, {file("no.onnx"), ""}) == line("no.onnx", "no such file"));
  CHECK(load_error(*engine, {write_file(folder.path(), "empty.onnx", ""), ""}) == line("empty.onnx", "it is empty"));
  CHECK(load_error(*engine, {write_file(folder.path(), "text.onnx", "hello, this is no model"), ""}) ==
        line("text.onnx", "not an ONNX model, or damaged"));
  CHECK(load_error(*engine, {write_file(folder.path(), "a.txt", "x"), ""}) ==
        line("a.txt", "the name must end in .onnx or .weights"));
  CHECK(load_error(*engine, {write_file(folder.path(), "a.weights", "x"), ""}) ==
        line("a.weights", "Darknet weights need their .cfg"));
  CHECK(load_error(*engine, {folder / "a.weights", file("no.cfg")}) ==
        "cannot load model: " + file("no.cfg") + ": no such file");
  CHECK(load_error(*engine, {folder / "a.weights", write_file(folder.path(), "a.cfg", "[net]\nwidth=x\n")}) ==
        line("a.weights", "its cfg has no usable width, height and channels"));
  CHECK_FALSE(load_error(*engine, {folder / "a.weights",
                                   write_file(folder.path(), "b.cfg", "[net]\nwidth=32\nheight=32\n[convolutional]\n")})
                  .empty());
  const std::string unknown =
      TinyOnnx().input("x", {1, 2}).node("NoSuchOperator", {"x"}, "y").output("y", {1, 2}).bytes();
  const std::string said = load_error(*engine, {write_file(folder.path(), "op.onnx", unknown), ""});
  CHECK(said.starts_with("cannot load model: "));
  CHECK(said.find('\n') == std::string::npos);
}

TEST_CASE("a back end that is not here is refused, not replaced in silence", "[infer][opencv]") {
  TempFolder folder;
  const auto engine = infer::make_opencv_engine();
  const auto here = engine->backends();
  CHECK(std::find(here.begin(), here.end(), Backend::cpu) != here.end());
  const std::string path = write_file(folder.path(), "m.onnx", conv_relu(1));
  for (const Backend backend : {Backend::opencl, Backend::cuda, Backend::cuda_fp16}) {
    if (std::find(here.begin(), here.end(), backend) != here.end()) continue;
    CHECK(load_error(*engine, {path, ""}, backend).find("has no back end") != std::string::npos);
  }
}

TEST_CASE("damaged models are refused or run, but nothing crashes", "[infer][opencv]") {
  TempFolder folder;
  const auto engine = infer::make_opencv_engine();
  const std::string whole = fixed_reshape();
  std::mt19937 random(7);
  const auto attempt = [&](const std::string& bytes) {
    try {
      const auto net = engine->load({write_file(folder.path(), "m.onnx", bytes), ""}, Backend::cpu, 1);
      net->run({tensor({1, 2, 2, 2}, 0)});
    } catch (const std::runtime_error&) {
    }
  };
  for (std::size_t length = 1; length < whole.size(); ++length) attempt(whole.substr(0, length));
  for (int i = 0; i < 300; ++i) {
    std::string bytes = whole;
    bytes[random() % bytes.size()] ^= static_cast<char>(1U << (random() % 8));
    attempt(bytes);
  }
}

TEST_CASE("networks people use load and run", "[infer][opencv][data]") {
  LYNCEUS_NEED_DATA(yolox, "models/yolox_nano/yolox_nano.onnx");
  LYNCEUS_NEED_DATA(weights, "models/yolo_fastest/yolo-fastest-1.1.weights");
  FakeClock clock;
  auto runner = opencv_runner(clock);
  const int onnx = runner.load({*yolox, ""});
  CHECK(runner.batch_sizes(onnx) == std::vector{1});
  CHECK_THROWS_AS(runner.infer(onnx, {tensor({1, 3, 320, 320}, 0)}, {}), std::runtime_error);
  const auto boxes = runner.infer(onnx, {cv::Mat({1, 3, 416, 416}, CV_32F, cv::Scalar(114))}, {});
  REQUIRE(boxes.size() == 1);
  CHECK(boxes[0].size[0] == 1);
  CHECK(boxes[0].size[2] == 85);
  CHECK(runner.input_shapes(onnx) == std::vector<std::vector<int>>{{3, 416, 416}});

  const std::string cfg = weights->substr(0, weights->size() - 8) + ".cfg";
  const int darknet = runner.load({*weights, cfg});
  const auto heads = runner.infer(darknet, {cv::Mat({1, 3, 320, 320}, CV_32F, cv::Scalar(0.5))}, {});
  REQUIRE(heads.size() == 2);
  for (const cv::Mat& head : heads) {
    CHECK(head.dims == 3);
    CHECK(head.size[0] == 1);
    CHECK(head.size[2] == 85);
  }
  CHECK(runner.input_shapes(darknet) == std::vector<std::vector<int>>{{3, 320, 320}});
  const auto larger = runner.infer(darknet, {cv::Mat({1, 3, 416, 416}, CV_32F, cv::Scalar(0.5))}, {});
  CHECK(larger.at(0).size[1] * 100 == heads[0].size[1] * 169);
  CHECK_THROWS_AS(runner.infer(darknet, {cv::Mat({1, 1, 320, 320}, CV_32F, cv::Scalar(0.5))}, {}), std::runtime_error);
  const auto low =
      std::count_if(heads[1].begin<float>(), heads[1].end<float>(), [](float v) { return v > 0 && v < 0.2F; });
  CHECK(low > 0);
}

}  // namespace lynceus::test
