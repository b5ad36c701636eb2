// The second engine, where the distribution has it: it must answer what OpenCV answers, and refuse what it must refuse.
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

/// Two inputs, a convolution, two outputs of different size, the later node first.
TinyOnnx branches(int batch) {
  return TinyOnnx()
      .input("picture", {batch, 2, 4, 4})
      .input("mask", {batch, 3, 4, 4})
      .constant("w", {3, 2, 1, 1}, {2, -1, 0.5F, 0.25F, -3, 1})
      .conv("picture", "w", "features", {1, 1})
      .node("Mul", {"features", "mask"}, "masked")
      .node("Sigmoid", {"masked"}, "score")
      .flatten("features", "flat")
      .output("score", {batch, 3, 4, 4})
      .output("flat", {batch, 48});
}

cv::Mat noise(std::vector<int> dims, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(-2, 2);
  cv::Mat tensor(dims, CV_32F);
  std::generate_n(tensor.ptr<float>(), tensor.total(), [&] { return value(random); });
  return tensor;
}

double largest_difference(const cv::Mat& a, const cv::Mat& b) {
  REQUIRE(a.size == b.size);
  double largest = 0;
  for (std::size_t i = 0; i < a.total(); ++i) {
    largest = std::max(largest, std::abs(double{a.ptr<float>()[i]} - double{b.ptr<float>()[i]}));
  }
  return largest;
}

void check_same_answers(const std::string& path, const std::vector<cv::Mat>& inputs, double tolerance) {
  const auto ours = infer::make_onnxruntime_engine()->load({path, ""}, Backend::cpu, 1);
  const auto theirs = infer::make_opencv_engine()->load({path, ""}, Backend::cpu, 1);
  CHECK(ours->input_shapes() == theirs->input_shapes());
  const auto a = ours->run(inputs);
  const auto b = theirs->run(inputs);
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(largest_difference(a[i], b[i]) <= tolerance);
}

std::string load_error(const std::string& path, Backend backend = Backend::cpu, int batch = 1) {
  try {
    infer::make_onnxruntime_engine()->load({path, ""}, backend, batch);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

infer::ModelRunner runner_of_both(FakeClock& clock) {
  log::set_level(log::Level::error);
  return {{}, infer::make_engines(), clock};
}

}  // namespace

TEST_CASE("both engines give the same numbers in the same order", "[infer][onnxruntime]") {
  TempFolder folder;
  const std::string path = write_file(folder.path(), "m.onnx", branches(1).bytes());
  check_same_answers(path, {noise({1, 2, 4, 4}, 1), noise({1, 3, 4, 4}, 2)}, 1e-5);
}

TEST_CASE("ONNX Runtime comes first, OpenCV takes what it cannot", "[infer][onnxruntime]") {
  const auto engines = infer::make_engines();
  REQUIRE(engines.size() == 2);
  CHECK(engines[0]->name() == "onnxruntime");
  CHECK(engines[0]->backends() == std::vector{Backend::cpu});
  CHECK(engines[1]->name() == "opencv");

  TempFolder folder;
  FakeClock clock;
  auto runner = runner_of_both(clock);
  runner.load({write_file(folder.path(), "m.onnx", branches(1).bytes()), ""});
  CHECK(runner.stats().at(0).engine == "onnxruntime");
  CHECK(runner.stats().at(0).backend == "cpu");
}

TEST_CASE("ONNX Runtime never runs a file made for a batch of 1 batched", "[infer][onnxruntime]") {
  TempFolder folder;
  FakeClock clock;
  auto runner = runner_of_both(clock);
  const std::string path = write_file(folder.path(), "m.onnx", branches(1).bytes());
  write_file(folder.path(), "m.json", R"({"batch_sizes": [1, 2, 4]})");
  CHECK(runner.batch_sizes(runner.load({path, ""})) == std::vector{1});
  CHECK(load_error(path, Backend::cpu, 2) == "cannot load model: " + path + ": made for a batch of 1, not 2");
}

TEST_CASE("ONNX Runtime runs a file of open batch batched where its manifest says so", "[infer][onnxruntime]") {
  TempFolder folder;
  FakeClock clock;
  auto runner = runner_of_both(clock);
  write_file(folder.path(), "m.json", R"({"batch_sizes": [2]})");
  const int model = runner.load({write_file(folder.path(), "m.onnx", branches(-1).bytes()), ""});
  CHECK(runner.stats().at(0).engine == "onnxruntime");
  CHECK(runner.batch_sizes(model) == std::vector{1, 2});
}

TEST_CASE("a file that says any batch and means 1 is found out by ONNX Runtime's answers", "[infer][onnxruntime]") {
  TempFolder folder;
  FakeClock clock;
  auto runner = runner_of_both(clock);
  write_file(folder.path(), "m.json", R"({"batch_sizes": [2]})");
  const std::string bytes = TinyOnnx().input("x", {-1, 2, 2, 2}).reshape("x", "y", {1, 8}).output("y", {-1, 8}).bytes();
  const int model = runner.load({write_file(folder.path(), "m.onnx", bytes), ""});
  CHECK(runner.batch_sizes(model) == std::vector{1});
}

TEST_CASE("what ONNX Runtime cannot load or run is one clear line", "[infer][onnxruntime]") {
  log::set_level(log::Level::error);
  TempFolder folder;
  const auto refused = [&](const std::string& name, const std::string& bytes, const std::string& why) {
    const std::string path = write_file(folder.path(), name, bytes);
    CHECK(load_error(path) == "cannot load model: " + path + ": " + why);
  };
  refused("empty.onnx", "", "it is empty");
  refused("text.onnx", "hello, this is no model", "not an ONNX model, or damaged");
  refused("a.weights", "x", "the name must end in .onnx");
  refused("elsewhere.onnx",
          TinyOnnx()
              .input("x", {1, 2})
              .constant_elsewhere("w", {1, 2}, "/etc/hostname")
              .node("Mul", {"x", "w"}, "y")
              .output("y", {1, 2})
              .bytes(),
          "its weights are kept in another file");
  const std::string unknown = TinyOnnx().input("x", {1}).node("NoSuchOperator", {"x"}, "y").output("y", {1}).bytes();
  const std::string said = load_error(write_file(folder.path(), "op.onnx", unknown));
  CHECK(said.find("NoSuchOperator") != std::string::npos);
  CHECK(said.find('\n') == std::string::npos);

  const std::string path = write_file(folder.path(), "m.onnx", branches(1).bytes());
  CHECK(load_error(path, Backend::cuda) == "cannot load model: " + path + ": ONNX Runtime has no back end cuda here");
  const auto net = infer::make_onnxruntime_engine()->load({path, ""}, Backend::cpu, 1);
  CHECK_THROWS_AS(net->run({noise({1, 2, 4, 4}, 1)}), std::runtime_error);
  CHECK_THROWS_AS(net->run({noise({1, 2, 4, 4}, 1), noise({1, 3, 4, 5}, 2)}), std::runtime_error);
  CHECK_THROWS_AS(net->run({noise({1, 2, 4, 4}, 1), cv::Mat({1, 3, 4, 4}, CV_8U, cv::Scalar(0))}), std::runtime_error);
}

TEST_CASE("damaged models are refused or run by ONNX Runtime, but nothing crashes", "[infer][onnxruntime]") {
  log::set_level(log::Level::error);
  TempFolder folder;
  const auto engine = infer::make_onnxruntime_engine();
  const std::string whole = branches(1).bytes();
  std::mt19937 random(7);
  const auto attempt = [&](const std::string& bytes) {
    try {
      const auto net = engine->load({write_file(folder.path(), "m.onnx", bytes), ""}, Backend::cpu, 1);
      net->run({noise({1, 2, 4, 4}, 1), noise({1, 3, 4, 4}, 2)});
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

TEST_CASE("both engines answer alike on networks people use", "[infer][onnxruntime][data]") {
  LYNCEUS_NEED_DATA(yolox, "models/yolox_nano/yolox_nano.onnx");
  LYNCEUS_NEED_DATA(nanodet, "models/nanodet/nanodet.onnx");
  check_same_answers(*yolox, {cv::Mat(noise({1, 3, 416, 416}, 3) * 60 + 120)}, 1e-2);
  check_same_answers(*nanodet, {noise({1, 3, 320, 320}, 4)}, 1e-2);
}

}  // namespace lynceus::test
