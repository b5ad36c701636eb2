// Where a model runs: what `auto` measures and picks, and what happens when a device fails.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "pipeline/infer/model_runner.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using infer::Backend;
using infer::InferSettings;
using infer::ModelRunner;
using infer::ModelStats;

/// A box with a fake card; the CPU takes 40 ms a run, whatever the batch.
struct Box {
  explicit Box(std::vector<Backend> backends = {Backend::cpu, Backend::cuda}) {
    log::set_level(log::Level::error);
    control->backends = std::move(backends);
    control->takes = {{Backend::cpu, 40ms}, {Backend::opencl, 30ms}, {Backend::cuda, 4ms}, {Backend::cuda_fp16, 3ms}};
    control->clock = &clock;
  }
  ~Box() { runner.reset(); }

  int load(InferSettings settings = {}) {
    std::vector<std::unique_ptr<infer::Engine>> engines;
    engines.push_back(make_fake_engine(control));
    runner = std::make_unique<ModelRunner>(settings, std::move(engines), clock);
    return runner->load({folder / "m.onnx", ""});
  }
  /// A picture that is no blank wall.
  float ask(int model, float first) {
    cv::Mat input = two(first);
    input.at<float>(1) = first + 0.5F;
    return runner->infer(model, {input}, {}).at(0).at<float>(0);
  }
  /// The larger sizes of a device come in the background.
  void wait_for_sizes(int model, const std::vector<int>& sizes) const {
    while (runner->batch_sizes(model) != sizes) std::this_thread::yield();
  }
  ModelStats stats() const { return runner->stats().at(0); }
  /// The trial is on a thread of its own: looks until it has come to this end.
  template <class Ready>
  ModelStats wait(Ready ready) const {
    for (;;) {
      if (ModelStats now = stats(); ready(now)) return now;
      std::this_thread::yield();
    }
  }
  ModelStats wait_for_table(std::size_t rows) const {
    return wait([&](const ModelStats& now) { return now.trials.size() == rows; });
  }
  ModelStats wait_for_backend(const std::string& backend) const {
    return wait([&](const ModelStats& now) { return now.backend == backend && !now.fallback; });
  }

  TempFolder folder;
  FakeClock clock;
  FakeControlPtr control = std::make_shared<FakeEngineControl>();
  std::unique_ptr<ModelRunner> runner;
};

}  // namespace

TEST_CASE("auto starts on the CPU and moves to the fastest back end that agrees with it", "[infer]") {
  Box box({Backend::cpu, Backend::opencl, Backend::cuda, Backend::cuda_fp16});
  const int model = box.load();
  CHECK(box.stats().backend == "cpu");
  CHECK(box.control->loads_on(Backend::cuda) == 0);
  CHECK(box.ask(model, 1) == 2.0F);

  const ModelStats after = box.wait_for_backend("cuda_fp16");
  CHECK_FALSE(after.fallback);
  REQUIRE(after.trials.size() == 4);
  CHECK(after.trials[0].backend == "cpu");
  CHECK(after.trials[0].seconds == Approx(0.040));
  CHECK(after.trials[3].backend == "cuda_fp16");
  CHECK(after.trials[3].seconds == Approx(0.003));
  CHECK(after.trials[3].refused.empty());
  CHECK(box.ask(model, 5) == 6.0F);
}

TEST_CASE("a back end whose outputs differ from the CPU's is not used, however fast", "[infer]") {
  Box box({Backend::cpu, Backend::opencl, Backend::cuda, Backend::cuda_fp16});
  box.control->wrong = {{Backend::cuda_fp16, 0.2F}, {Backend::cuda, -1e9F}};
  const int model = box.load();
  box.ask(model, 1);
  const ModelStats after = box.wait_for_backend("opencl");
  CHECK(after.trials.at(2).refused == "its outputs differ from the CPU's");
  CHECK(after.trials.at(3).refused == "its outputs differ from the CPU's");
  CHECK(after.trials.at(3).difference > 0.05);
}

TEST_CASE("auto stays on the CPU where that is the fastest", "[infer]") {
  Box box;
  box.control->takes[Backend::cuda] = 50ms;
  const int model = box.load();
  box.ask(model, 1);
  const ModelStats after = box.wait_for_table(2);
  CHECK(after.backend == "cpu");
  CHECK_FALSE(after.fallback);
}

TEST_CASE("a blank picture is no proof: the trial waits for a better one", "[infer]") {
  Box box;
  const int model = box.load();
  box.runner->infer(model, {two(1)}, {});
  CHECK(box.control->loads_on(Backend::cuda) == 0);
  box.ask(model, 1);
  CHECK(box.wait_for_backend("cuda").backend == "cuda");
}

TEST_CASE("a device that fails costs no request: the CPU answers, and the device is tried again", "[infer]") {
  Box box;
  const int model = box.load();
  box.ask(model, 1);
  box.wait_for_backend("cuda");

  box.control->break_device(Backend::cuda, "CUDA error 700: an illegal memory access");
  const MonoTime before = box.clock.now();
  CHECK(box.ask(model, 7) == 8.0F);
  CHECK(box.clock.now() - before < 1s);
  ModelStats now = box.stats();
  CHECK(now.backend == "cpu");
  CHECK(now.fallback);
  CHECK(now.fallback_reason == "cuda: CUDA error 700: an illegal memory access");
  CHECK(now.losses == 1);
  CHECK(box.ask(model, 8) == 9.0F);
  CHECK(box.stats().losses == 1);

  // Still broken at the first try, 5 s later, and at the second, 10 s after that.
  const int loads = box.control->loads_on(Backend::cuda);
  box.clock.advance(5s);
  box.control->wait_for_loads(Backend::cuda, loads + 1);
  box.wait([](const ModelStats& s) { return s.trials.size() == 2 && !s.trials[1].refused.empty(); });
  CHECK(box.stats().fallback);
  box.control->break_device(Backend::cuda, "");
  box.clock.advance(5s);
  CHECK(box.control->loads_on(Backend::cuda) == loads + 1);
  box.clock.advance(6s);
  CHECK(box.wait_for_backend("cuda").fallback_reason.empty());
  CHECK(box.ask(model, 9) == 10.0F);
}

TEST_CASE("out of memory in a batch: each of its callers has the CPU's answer", "[infer]") {
  Box box;
  write_file(box.folder.path(), "m.json", R"({"batch_sizes": [1, 4]})");
  const int model = box.load({Backend::cuda, 0, 64});
  REQUIRE(box.stats().backend == "cuda");
  box.wait_for_sizes(model, {1, 4});
  const std::size_t runs = box.control->runs().size();
  box.control->hold();
  std::vector<float> answers(4);
  {
    std::vector<std::jthread> cameras;
    cameras.emplace_back([&] { answers[0] = box.ask(model, 0); });
    box.control->wait_for_runs(runs + 1);
    for (int i = 1; i < 4; ++i) {
      cameras.emplace_back([&, i] { answers[static_cast<std::size_t>(i)] = box.ask(model, static_cast<float>(i)); });
    }
    while (box.stats().waiting < 3) std::this_thread::yield();
    box.control->break_device(Backend::cuda, "out of memory");
    box.control->release();
  }
  CHECK(answers == std::vector{1.0F, 2.0F, 3.0F, 4.0F});
  CHECK(box.stats().requests == 4);
  CHECK(box.stats().fallback);
}

TEST_CASE("what the CPU cannot run either is no fault of the device", "[infer]") {
  Box box;
  const int model = box.load({Backend::cuda, 0, 64});
  box.control->break_device(Backend::cuda, "bad input");
  box.control->break_device(Backend::cpu, "bad input");
  CHECK_THROWS_WITH(box.ask(model, 1), "bad input");
  box.control->break_device(Backend::cuda, "");
  CHECK(box.stats().backend == "cuda");
  CHECK_FALSE(box.stats().fallback);
  CHECK(box.ask(model, 1) == 2.0F);
}

TEST_CASE("a back end that was asked for and cannot load the model: the CPU, and another try later", "[infer]") {
  Box box;
  box.control->break_device(Backend::cuda, "the driver does not answer");
  const int model = box.load({Backend::cuda, 0, 64});
  CHECK(box.stats().backend == "cpu");
  CHECK(box.stats().fallback_reason == "the driver does not answer");
  CHECK(box.ask(model, 1) == 2.0F);
  box.control->break_device(Backend::cuda, "");
  // Slower than the CPU: it was asked for, and is taken.
  box.control->takes[Backend::cuda] = 100ms;
  box.clock.advance(6s);
  CHECK(box.wait_for_backend("cuda").trials.size() == 2);
}

TEST_CASE("a back end that was asked for answers with its first size while the larger ones load", "[infer]") {
  Box box;
  write_file(box.folder.path(), "m.json", R"({"batch_sizes": [1, 4, 16]})");
  box.control->hold_loads(2);
  const int model = box.load({Backend::cuda, 0, 64});
  box.control->wait_for_loads(Backend::cuda, 2);
  CHECK(box.stats().backend == "cuda");
  CHECK(box.ask(model, 1) == 2.0F);
  box.control->hold_loads(5);
  box.wait_for_sizes(model, {1, 4});
  CHECK(box.ask(model, 2) == 3.0F);
  box.control->hold_loads(0);
  box.wait_for_sizes(model, {1, 4, 16});
  CHECK(box.ask(model, 3) == 4.0F);
  CHECK(box.control->loads_on(Backend::cuda) == 3);
  CHECK_FALSE(box.stats().fallback);
}

TEST_CASE("a larger size that lies, or takes more memory than it may, never joins its device", "[infer]") {
  Box box;
  write_file(box.folder.path(), "m.json", R"({"batch_sizes": [1, 4]})");
  box.control->batches_lie = true;
  box.control->memory = 1000;
  box.control->net_memory = 100;
  const int model = box.load({Backend::cuda, 0, 64});
  box.control->wait_for_loads(Backend::cuda, 2);
  while (box.control->memory_left() != 900) std::this_thread::yield();
  CHECK(box.ask(model, 1) == 2.0F);
  CHECK(box.runner->batch_sizes(model) == std::vector{1});

  Box small;
  small.control->memory = 1 << 30;
  small.control->net_memory = 100 << 20;
  InferSettings settings{Backend::cuda, 0, 64};
  settings.memory_bytes = 250 << 20;
  write_file(small.folder.path(), "m.json", R"({"batch_sizes": [1, 2, 4]})");
  const int other = small.load(settings);
  small.control->wait_for_loads(Backend::cuda, 3);
  while (small.control->memory_left() != (1 << 30) - (200 << 20)) std::this_thread::yield();
  small.wait_for_sizes(other, {1, 2});
  small.runner.reset();
  CHECK(small.control->memory_left() == 1 << 30);
}

TEST_CASE("a device that is lost while it grows is not given more", "[infer]") {
  Box box;
  write_file(box.folder.path(), "m.json", R"({"batch_sizes": [1, 4]})");
  box.control->hold_loads(2);
  const int model = box.load({Backend::cuda, 0, 64});
  box.control->wait_for_loads(Backend::cuda, 2);
  box.control->break_device(Backend::cuda, "gone");
  CHECK(box.ask(model, 1) == 2.0F);
  CHECK(box.stats().backend == "cpu");
  box.control->break_device(Backend::cuda, "");
  box.control->hold_loads(0);
  box.clock.advance(6s);
  CHECK(box.wait_for_backend("cuda").losses == 1);
  CHECK(box.runner->batch_sizes(model) == std::vector{1, 4});
  CHECK(box.ask(model, 2) == 3.0F);
}

TEST_CASE("networks that take more of a device than they may stay on the CPU", "[infer]") {
  Box box;
  box.control->memory = 1 << 30;
  box.control->net_memory = 200 << 20;
  InferSettings settings{Backend::cuda, 0, 64};
  settings.memory_bytes = 300 << 20;
  write_file(box.folder.path(), "n.onnx", "x");
  box.load(settings);
  CHECK(box.stats().backend == "cuda");
  box.runner->load({box.folder / "n.onnx", ""});
  const ModelStats second = box.runner->stats().at(1);
  CHECK(second.backend == "cpu");
  CHECK(second.fallback_reason ==
        "takes 200 MiB of the device beside 200 MiB in use, more than inference.memory allows (300 MiB)");
}

TEST_CASE("a batch that gains nothing is not padded: the requests run one by one", "[infer]") {
  Box box({Backend::cpu});
  write_file(box.folder.path(), "m.json", R"({"batch_sizes": [1, 4]})");
  const int model = box.load();
  std::size_t runs = box.control->runs().size();
  const auto together = [&](int count) {
    box.control->hold();
    runs = box.control->runs().size();
    std::vector<std::jthread> cameras;
    cameras.emplace_back([&] { box.ask(model, 1); });
    box.control->wait_for_runs(runs + 1);
    for (int i = 0; i < count; ++i) cameras.emplace_back([&] { box.ask(model, 1); });
    while (box.stats().waiting < static_cast<std::size_t>(count)) std::this_thread::yield();
    box.control->release();
    cameras.clear();
    const auto all = box.control->runs();
    return std::vector<int>(all.begin() + static_cast<std::ptrdiff_t>(runs) + 1, all.end());
  };
  // 40 ms for one or for four: four at once pays, two at once pays, too.
  CHECK(together(4) == std::vector{4});
  CHECK(together(2) == std::vector{4});
  // The cost of one falls to a tenth: by itself each is quicker.
  box.control->takes[Backend::cpu] = 4ms;
  box.ask(model, 1);
  CHECK(together(2) == std::vector{1, 1});
}

}  // namespace lynceus::test
