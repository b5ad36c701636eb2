// Networks exported for a batch of 1, rewritten for more, against OpenCV's own runs.
#include "pipeline/infer/onnx_batch.h"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "pipeline/infer/batch.h"
#include "pipeline/infer/engine.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"

namespace lynceus::test {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

/// What is wrong with the network at this batch; empty: it answers as its parts.
std::string rewritten(const std::string& bytes, int batch) {
  TempFolder folder;
  const auto engine = infer::make_opencv_engine();
  const auto more = infer::with_batch(bytes_of(bytes), batch);
  const std::string text(reinterpret_cast<const char*>(more.data()), more.size());
  const auto one = engine->load({write_file(folder.path(), "one.onnx", bytes), ""}, infer::Backend::cpu, 1);
  const auto many = engine->load({write_file(folder.path(), "many.onnx", text), ""}, infer::Backend::cpu, batch);
  return infer::why_not_alike(*one, *many, batch);
}

/// A head as detectors have it: reshaped to fixed dimensions, the first of them `first`.
TinyOnnx head(std::vector<int> dims) {
  return TinyOnnx()
      .input("x", {1, 2, 2, 2})
      .constant("w", {1, 2, 1, 1}, {2, -1})
      .conv("x", "w", "c", {1, 1})
      .reshape("c", "y", dims)
      .output("y", dims);
}

}  // namespace

TEST_CASE("a network made for one is made for more", "[infer][opencv]") {
  const std::string network = head({1, 4}).bytes();
  CHECK(infer::is_made_for_one(infer::read_onnx_signature(bytes_of(network))));
  for (const int batch : {2, 3, 300}) CHECK(rewritten(network, batch).empty());
  const auto more = infer::with_batch(bytes_of(network), 16);
  CHECK(infer::input_shapes_at(infer::read_onnx_signature(more), 16) == std::vector<std::vector<int>>{{2, 2, 2}});
  CHECK_FALSE(infer::is_made_for_one(infer::read_onnx_signature(more)));
}

TEST_CASE("a network that cannot be had so is found out", "[infer][opencv]") {
  CHECK(rewritten(head({4, 1}).bytes(), 2) != "");
}

TEST_CASE("what is no network is an error, not a crash", "[infer]") {
  const std::string network = head({1, 4}).bytes();
  for (std::size_t length = 1; length < network.size(); ++length) {
    try {
      infer::with_batch(bytes_of(network).first(length), 4);
    } catch (const std::runtime_error&) {
    }
  }
  std::string noise = network;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise[i] = static_cast<char>(noise[i] ^ 0x55);
    try {
      infer::with_batch(bytes_of(noise), 4);
    } catch (const std::runtime_error&) {
    }
    noise[i] = network[i];
  }
}

TEST_CASE("a published detector for one picture answers four", "[infer][opencv][heavy]") {
  LYNCEUS_NEED_DATA(yolox, "models/yolox_nano/yolox_nano.onnx");
  std::ifstream file(*yolox, std::ios::binary);
  CHECK(rewritten({std::istreambuf_iterator<char>(file), {}}, 4).empty());
}

}  // namespace lynceus::test
