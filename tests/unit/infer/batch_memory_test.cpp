// Slots side by side are a batch where they lie; everything else is copied; memory is made once.
#include "pipeline/infer/batch_memory.h"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/log.h"
#include "pipeline/infer/model_runner.h"
#include "pipeline/infer/opencv_places.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"

namespace lynceus::test {
namespace {

using infer::BatchMemory;
using infer::Tensors;

constexpr int kLargest = 4;

/// Memory for batches of up to four that counts what is made.
struct Shelf {
  explicit Shelf(int largest = kLargest) {
    memory.use([this](int count) { return ++made, cv::Mat(1, count, CV_32F, cv::Scalar(-1)); }, largest);
  }
  Tensors fill(float value, std::vector<int> dims = {1, 1, 2, 3}) {
    cv::Mat slot = memory.slot(dims);
    slot.setTo(value);
    return {slot};
  }
  BatchMemory::Batch gather(const std::vector<Tensors>& parts, int size) {
    std::vector<const Tensors*> pointers;
    for (const Tensors& part : parts) pointers.push_back(&part);
    return memory.gather(pointers, size);
  }

  int made = 0;
  BatchMemory memory;
};

float at(const BatchMemory::Batch& batch, int row) { return *batch.inputs.at(0).ptr<float>(row); }

}  // namespace

TEST_CASE("slots given one after the other are a batch where they lie, in any order", "[infer]") {
  Shelf shelf;
  const Tensors first = shelf.fill(1), second = shelf.fill(2), third = shelf.fill(3);
  const auto batch = shelf.gather({third, first, second}, 4);
  REQUIRE(shelf.memory.copies() == 0);
  REQUIRE(batch.inputs.at(0).data == first[0].data);
  REQUIRE(batch.inputs[0].size[0] == 4);
  REQUIRE(batch.inputs[0].size[3] == 3);
  REQUIRE(batch.rows == std::vector{2, 0, 1});
  for (int row = 0; row < 3; ++row) REQUIRE(at(batch, row) == float(row + 1));
  REQUIRE(at(batch, 3) == 0);
  REQUIRE(shelf.made == 1);
}

TEST_CASE("memory is made once and used again when nobody holds it", "[infer]") {
  Shelf shelf;
  for (int round = 0; round < 20; ++round) {
    std::vector<Tensors> parts;
    for (int i = 0; i < 4; ++i) parts.push_back(shelf.fill(float(10 * round + i)));
    const auto batch = shelf.gather(parts, 4);
    for (int i = 0; i < 4; ++i) REQUIRE(at(batch, batch.rows[std::size_t(i)]) == float(10 * round + i));
  }
  REQUIRE(shelf.memory.copies() == 0);
  REQUIRE(shelf.made <= 2);
}

TEST_CASE("what somebody holds is never given to another", "[infer]") {
  Shelf shelf(1);
  std::vector<Tensors> held;
  for (int i = 0; i < 20; ++i) held.push_back(shelf.fill(float(i)));
  for (int i = 0; i < 20; ++i) REQUIRE(*held[std::size_t(i)][0].ptr<float>() == float(i));
  REQUIRE(shelf.memory.blocks() <= 6);
}

TEST_CASE("a batch with a stranger's slot in its middle is copied, and so is one of others' memory", "[infer]") {
  Shelf shelf;
  const Tensors first = shelf.fill(1), stranger = shelf.fill(9), third = shelf.fill(3);
  auto batch = shelf.gather({first, third}, 4);
  REQUIRE(shelf.memory.copies() == 1);
  REQUIRE(batch.rows == std::vector{0, 1});
  REQUIRE(at(batch, 1) == 3);
  REQUIRE(at(batch, 2) == 0);
  REQUIRE(*stranger[0].ptr<float>() == 9);

  const cv::Mat own({1, 1, 2, 3}, CV_32F, cv::Scalar(5));
  batch = shelf.gather({shelf.fill(6), {own}}, 2);
  REQUIRE(shelf.memory.copies() == 2);
  REQUIRE(at(batch, 0) == 6);
  REQUIRE(at(batch, 1) == 5);
  const int made = shelf.made;
  shelf.gather({{own}, {own}}, 2);
  REQUIRE(shelf.made == made);
}

TEST_CASE("a batch that would end behind the memory is copied", "[infer]") {
  Shelf shelf;
  std::vector<Tensors> parts;
  for (int i = 0; i < 4; ++i) parts.push_back(shelf.fill(float(i)));
  const auto batch = shelf.gather({parts[2], parts[3]}, 4);
  REQUIRE(shelf.memory.copies() == 1);
  REQUIRE(at(batch, 1) == 3);
}

TEST_CASE("slots of other dimensions lie elsewhere", "[infer]") {
  Shelf shelf;
  const Tensors small = shelf.fill(1), large = shelf.fill(2, {1, 3, 64, 64}), next = shelf.fill(3);
  REQUIRE(large[0].size[3] == 64);
  REQUIRE(large[0].u != small[0].u);
  REQUIRE(next[0].u != large[0].u);
  const auto one = shelf.gather({large}, 1);
  REQUIRE(one.inputs.at(0).data == large[0].data);
  REQUIRE(shelf.memory.copies() == 0);
}

TEST_CASE("several inputs of a network are copied each into its own batch", "[infer]") {
  Shelf shelf;
  const cv::Mat a(1, 2, CV_32F, cv::Scalar(1)), b(1, 5, CV_32F, cv::Scalar(2));
  const auto batch = shelf.gather({{a, b}, {a, b}}, 2);
  REQUIRE(batch.inputs.size() == 2);
  REQUIRE(batch.inputs[0].size[1] == 2);
  REQUIRE(batch.inputs[1].size[1] == 5);
  REQUIRE(batch.inputs[1].ptr<float>(1)[4] == 2);
}

TEST_CASE("what is no sensible input is ordinary memory", "[infer]") {
  Shelf shelf;
  REQUIRE(shelf.memory.slot({2, 3}).total() == 6);
  REQUIRE(shelf.memory.slot({1, 3, 4096, 4096}).total() == 3U * 4096 * 4096);
  REQUIRE(shelf.made == 0);
}

TEST_CASE("page-locked memory is ordinary memory where OpenCV has no CUDA", "[infer]") {
  const cv::Mat memory = infer::page_locked(100, 0);
  REQUIRE(memory.cols == 100);
  REQUIRE(memory.isContinuous());
}

TEST_CASE("requests filled in place are answered as copied ones, each its own", "[infer]") {
  log::set_level(log::Level::error);
  TempFolder folder;
  FakeClock clock;
  const auto control = std::make_shared<FakeEngineControl>();
  write_file(folder.path(), "m.json", R"({"batch_sizes": [1, 4]})");
  std::vector<std::unique_ptr<infer::Engine>> engines;
  engines.push_back(make_fake_engine(control));
  infer::ModelRunner runner({}, std::move(engines), clock);
  const int model = runner.load({folder / "m.onnx", ""});
  const std::size_t checked = control->runs().size();
  const auto ask = [&](float value) {
    return std::async(std::launch::async, [&runner, model, value] {
      cv::Mat input = runner.input(model, {1, 2});
      input.setTo(value);
      return runner.infer(model, {input}, {}).at(0).at<float>(1);
    });
  };
  control->hold();
  auto first = ask(100);
  control->wait_for_runs(checked + 1);
  std::vector<std::future<float>> rest;
  for (int i = 0; i < 6; ++i) rest.push_back(ask(float(i)));
  while (runner.stats().at(0).waiting < 6) std::this_thread::yield();
  control->release();
  REQUIRE(first.get() == 101);
  for (int i = 0; i < 6; ++i) REQUIRE(rest[std::size_t(i)].get() == float(i + 1));
  REQUIRE(control->runs().size() == checked + 3);
}

}  // namespace lynceus::test
