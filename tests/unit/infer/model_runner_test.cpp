#include "pipeline/infer/model_runner.h"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"

namespace lynceus::test {
namespace {

using infer::Backend;
using infer::ModelRunner;

std::vector<std::unique_ptr<infer::Engine>> engines_of(const std::vector<FakeControlPtr>& controls) {
  log::set_level(log::Level::error);
  std::vector<std::unique_ptr<infer::Engine>> engines;
  for (const auto& control : controls) engines.push_back(make_fake_engine(control));
  return engines;
}

FakeControlPtr control_named(const std::string& name) {
  auto control = std::make_shared<FakeEngineControl>();
  control->name = name;
  return control;
}

}  // namespace

TEST_CASE("the same file is one model, under whatever name", "[infer]") {
  FakeClock clock;
  TempFolder folder;
  auto control = control_named("fake");
  ModelRunner runner({}, engines_of({control}), clock);
  write_file(folder.path(), "a.onnx", "x");
  write_file(folder.path(), "b.onnx", "x");
  std::filesystem::create_symlink("a.onnx", folder / "link.onnx");
  const int a = runner.load({folder / "a.onnx", ""});
  const int b = runner.load({folder / "b.onnx", ""});
  CHECK(a != b);
  CHECK(runner.load({folder / "../" + std::filesystem::path(folder.path()).filename().string() + "/a.onnx", ""}) == a);
  CHECK(runner.load({folder / "link.onnx", ""}) == a);
  CHECK(control->loads().size() == 2);
  CHECK(runner.stats().size() == 2);
}

TEST_CASE("many threads that load one file load it once", "[infer]") {
  FakeClock clock;
  auto control = control_named("fake");
  ModelRunner runner({}, engines_of({control}), clock);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { runner.load({"m.onnx", ""}); });
  }
  CHECK(control->loads().size() == 1);
}

TEST_CASE("a file that cannot be loaded is an error, and may be tried again", "[infer]") {
  FakeClock clock;
  auto control = control_named("fake");
  control->load_error = "cannot load model: m.onnx: not an ONNX model";
  ModelRunner runner({}, engines_of({control}), clock);
  CHECK_THROWS_WITH(runner.load({"m.onnx", ""}), "cannot load model: m.onnx: not an ONNX model");
  CHECK(runner.stats().empty());
  control->load_error.clear();
  CHECK(runner.load({"m.onnx", ""}) == 0);
}

TEST_CASE("the first engine that takes the file runs it", "[infer]") {
  FakeClock clock;
  auto fast = control_named("fast");
  auto sure = control_named("sure");
  fast->load_error = "unknown operator";
  ModelRunner runner({}, engines_of({fast, sure}), clock);
  runner.load({"m.onnx", ""});
  CHECK(runner.stats().at(0).engine == "sure");
  CHECK(runner.stats().at(0).backend == "cpu");
  CHECK_FALSE(runner.stats().at(0).fallback);
}

TEST_CASE("a back end that was asked for is taken where it is, else it is an error of the configuration", "[infer]") {
  FakeClock clock;
  auto plain = control_named("plain");
  auto graphics = control_named("graphics");
  graphics->backends = {Backend::cpu, Backend::cuda};
  ModelRunner cuda({Backend::cuda, 0, 8}, engines_of({plain, graphics}), clock);
  cuda.load({"m.onnx", ""});
  CHECK(cuda.stats().at(0).engine == "graphics");
  CHECK(cuda.stats().at(0).backend == "cuda");

  CHECK_FALSE(cuda.stats().at(0).fallback);

  plain->missing = "it was built without OpenCL";
  CHECK_THROWS_WITH(ModelRunner({Backend::opencl, 0, 8}, engines_of({plain, graphics}), clock),
                    "inference.backend: opencl: it was built without OpenCL; `auto` takes what is there");
}

TEST_CASE("a model that was never loaded is an error", "[infer]") {
  FakeClock clock;
  ModelRunner runner({}, engines_of({control_named("fake")}), clock);
  CHECK_THROWS_WITH(runner.infer(0, {two(1)}, {}), "no such model");
  CHECK_THROWS_WITH(runner.infer(-1, {two(1)}, {}), "no such model");
  CHECK_THROWS_WITH(runner.batch_sizes(3), "no such model");
}

TEST_CASE("runs are timed by the clock and told to the observer", "[infer]") {
  FakeClock clock;
  auto control = control_named("fake");
  ModelRunner runner({}, engines_of({control}), clock);
  std::string model;
  int batch = 0;
  double seconds = 0;
  runner.observe([&](const std::string& m, int b, double s) {
    model = m;
    batch = b;
    seconds = s;
  });
  const int id = runner.load({"/models/m.onnx", ""});
  control->hold();
  std::jthread asker([&] { runner.infer(id, {two(1)}, {}); });
  control->wait_for_runs(1);
  clock.advance(std::chrono::milliseconds{250});
  control->release();
  asker.join();
  CHECK(runner.stats().at(0).seconds == Approx(0.25));
  CHECK(seconds == Approx(0.25));
  CHECK(model == "m.onnx");
  CHECK(batch == 1);
}

TEST_CASE("memory that the tensor does not own is copied", "[infer]") {
  FakeClock clock;
  auto control = control_named("fake");
  ModelRunner runner({}, engines_of({control}), clock);
  const int id = runner.load({"m.onnx", ""});
  std::vector<float> values{5, 6};
  CHECK(runner.infer(id, {cv::Mat(1, 2, CV_32F, values.data())}, {}).at(0).at<float>(1) == 7.0F);
}

}  // namespace lynceus::test
