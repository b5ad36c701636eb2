// What runs with what, when: an idle executor runs at once, what queued meanwhile is the next batch.
#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
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

using infer::InferSettings;
using infer::ModelRunner;

/// A runner over a fake engine with a model whose manifest is `manifest`.
struct Bench {
  explicit Bench(const std::string& manifest = {}, InferSettings settings = {}) {
    log::set_level(log::Level::error);
    if (!manifest.empty()) write_file(folder.path(), "m.json", manifest);
    std::vector<std::unique_ptr<infer::Engine>> engines;
    engines.push_back(make_fake_engine(control));
    runner = std::make_unique<ModelRunner>(settings, std::move(engines), clock);
  }
  int load() {
    const int model = runner->load({folder / "m.onnx", ""});
    checked = control->runs().size();
    return model;
  }
  /// Batch sizes run since load.
  std::vector<int> runs() const {
    const auto all = control->runs();
    return {all.begin() + static_cast<std::ptrdiff_t>(checked), all.end()};
  }
  void wait_for_runs(std::size_t count) { control->wait_for_runs(checked + count); }
  std::future<float> ask(int model, float value, std::stop_token stop = {}) {
    return std::async(std::launch::async, [this, model, value, stop] {
      return runner->infer(model, {two(value)}, stop).at(0).at<float>(0);
    });
  }

  TempFolder folder;
  FakeClock clock;
  FakeControlPtr control = std::make_shared<FakeEngineControl>();
  std::size_t checked = 0;
  std::unique_ptr<ModelRunner> runner;
};

/// Asks while the executor is held, and returns when all of it waits.
std::vector<std::future<float>> queue_up(Bench& bench, int model, int count) {
  std::vector<std::future<float>> answers;
  for (int i = 0; i < count; ++i) answers.push_back(bench.ask(model, static_cast<float>(10 * i)));
  while (bench.runner->stats().at(0).waiting < static_cast<std::size_t>(count)) std::this_thread::yield();
  return answers;
}

std::string error_of(std::future<float>& answer) {
  try {
    answer.get();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("an idle executor runs a request at once", "[infer]") {
  Bench bench;
  const int model = bench.load();
  CHECK(bench.runner->infer(model, {two(1)}, {}).at(0).at<float>(1) == 2.0F);
  CHECK(bench.runs() == std::vector{1});
}

TEST_CASE("what queued meanwhile is the next batch, padded to a size that is loaded", "[infer]") {
  Bench bench(R"({"batch_sizes": [1, 4]})");
  const int model = bench.load();
  REQUIRE(bench.runner->batch_sizes(model) == std::vector{1, 4});

  bench.control->hold();
  auto first = bench.ask(model, -1);
  bench.wait_for_runs(1);
  auto rest = queue_up(bench, model, 6);
  bench.control->release();

  CHECK(first.get() == 0.0F);
  for (int i = 0; i < 6; ++i) CHECK(rest[static_cast<std::size_t>(i)].get() == static_cast<float>(10 * i + 1));
  CHECK(bench.runs() == std::vector{1, 4, 4});
  CHECK(bench.runner->stats().at(0).requests == 7);
  CHECK(bench.runner->stats().at(0).runs == 3);
  CHECK(bench.runner->stats().at(0).last_batch == 4);
}

TEST_CASE("without a manifest nothing is ever batched", "[infer]") {
  Bench bench;
  const int model = bench.load();
  bench.control->hold();
  auto first = bench.ask(model, -1);
  bench.wait_for_runs(1);
  auto rest = queue_up(bench, model, 5);
  bench.control->release();
  for (auto& answer : rest) answer.get();
  CHECK(bench.runs() == std::vector{1, 1, 1, 1, 1, 1});
  CHECK(bench.control->loads() == std::vector{1});
}

TEST_CASE("a batch size that answers otherwise than single runs is refused", "[infer]") {
  Bench bench(R"({"batch_sizes": [1, 2]})");
  bench.control->batches_lie = true;
  const int model = bench.load();
  CHECK(bench.runner->batch_sizes(model) == std::vector{1});
}

TEST_CASE("requests of different shapes never share a batch", "[infer]") {
  Bench bench(R"({"batch_sizes": [4]})");
  const int model = bench.load();
  CHECK(bench.runner->batch_sizes(model) == std::vector{1, 4});
  // The network's shape is fixed: another one is refused before it is queued.
  CHECK_THROWS_AS(bench.runner->infer(model, {cv::Mat(1, 3, CV_32F, cv::Scalar(0))}, {}), std::runtime_error);
  CHECK_THROWS_AS(bench.runner->infer(model, {cv::Mat(2, 2, CV_32F, cv::Scalar(0))}, {}), std::runtime_error);
  CHECK_THROWS_AS(bench.runner->infer(model, {cv::Mat(1, 2, CV_8U, cv::Scalar(0))}, {}), std::runtime_error);
  CHECK_THROWS_AS(bench.runner->infer(model, {}, {}), std::runtime_error);
  CHECK_THROWS_AS(bench.runner->infer(model, {two(1), two(2)}, {}), std::runtime_error);
  CHECK_THROWS_AS(bench.runner->infer(model, {cv::Mat()}, {}), std::runtime_error);
  CHECK(bench.runs().empty());
}

TEST_CASE("a network with open sizes is not batched, for nothing proves that it may", "[infer]") {
  Bench bench(R"({"batch_sizes": [4]})");
  bench.control->shapes = {{-1}};
  const int model = bench.load();
  CHECK(bench.runner->batch_sizes(model) == std::vector{1});
  CHECK(bench.runner->infer(model, {cv::Mat(1, 7, CV_32F, cv::Scalar(1))}, {}).at(0).total() == 7);
}

TEST_CASE("a stop ends infer at once, and what was given up is not run", "[infer]") {
  Bench bench;
  const int model = bench.load();
  bench.control->hold();
  std::stop_source running, waiting;
  auto first = bench.ask(model, 1, running.get_token());
  bench.wait_for_runs(1);
  auto second = bench.ask(model, 2, waiting.get_token());
  while (bench.runner->stats().at(0).waiting == 0) std::this_thread::yield();

  running.request_stop();
  waiting.request_stop();
  CHECK(error_of(first) == "inference was stopped");
  CHECK(error_of(second) == "inference was stopped");
  CHECK_THROWS_AS(bench.runner->infer(model, {two(1)}, waiting.get_token()), std::runtime_error);

  bench.control->release();
  CHECK(bench.runner->infer(model, {two(3)}, {}).at(0).at<float>(0) == 4.0F);
  CHECK(bench.runs() == std::vector{1, 1});
}

TEST_CASE("an engine's exception reaches the caller and the executor goes on", "[infer]") {
  Bench bench(R"({"batch_sizes": [2]})");
  const int model = bench.load();
  bench.control->throw_in_runs("out of video memory");
  CHECK_THROWS_WITH(bench.runner->infer(model, {two(1)}, {}), "out of video memory");
  CHECK(bench.runner->infer(model, {two(1)}, {}).at(0).at<float>(0) == 2.0F);
  CHECK(bench.runner->stats().at(0).errors == 1);
}

TEST_CASE("an exception in a batch reaches each of its callers", "[infer]") {
  Bench bench(R"({"batch_sizes": [4]})");
  const int model = bench.load();
  bench.control->hold();
  auto first = bench.ask(model, 1);
  bench.wait_for_runs(1);
  bench.control->throw_in_runs("out of memory", 4);
  auto rest = queue_up(bench, model, 3);
  bench.control->release();
  CHECK(first.get() == 2.0F);
  for (auto& answer : rest) CHECK(error_of(answer) == "out of memory");
}

TEST_CASE("a full queue refuses at once", "[infer]") {
  Bench bench({}, InferSettings{infer::Backend::automatic, 0, 2});
  const int model = bench.load();
  bench.control->hold();
  auto first = bench.ask(model, 1);
  bench.wait_for_runs(1);
  auto rest = queue_up(bench, model, 2);
  CHECK_THROWS_WITH(bench.runner->infer(model, {two(1)}, {}), "too many requests wait for the network");
  bench.control->release();
  for (auto& answer : rest) answer.get();
}

TEST_CASE("the runner's end fails what waits and lets the run under way finish", "[infer]") {
  Bench bench;
  const int model = bench.load();
  bench.control->hold();
  auto first = bench.ask(model, 1);
  bench.wait_for_runs(1);
  auto rest = queue_up(bench, model, 3);
  std::thread ending([&] { bench.runner.reset(); });
  bench.control->release();
  ending.join();
  CHECK(first.get() == 2.0F);
  for (auto& answer : rest) {
    const std::string error = error_of(answer);
    CHECK((error.empty() || error == "inference was stopped"));
  }
}

TEST_CASE("many threads, each gets its own answer", "[infer]") {
  Bench bench(R"({"batch_sizes": [1, 2, 8]})");
  const int model = bench.load();
  constexpr int kThreads = 16, kEach = 200;
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const auto value = static_cast<float>(t * kEach + i);
          if (bench.runner->infer(model, {two(value)}, {}).at(0).at<float>(1) != value + 1) ++wrong;
        }
      });
    }
  }
  CHECK(wrong == 0);
  CHECK(bench.runner->stats().at(0).requests == kThreads * kEach);
}

}  // namespace lynceus::test
