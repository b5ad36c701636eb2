#include "pipeline/infer/model_file.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/infer/darknet_signature.h"
#include "pipeline/infer/manifest.h"
#include "pipeline/infer/onnx_signature.h"
#include "pipeline/infer/onnx_sizes.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"

namespace lynceus::test {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

}  // namespace

TEST_CASE("an ONNX file tells its inputs and outputs, weights excepted", "[infer]") {
  const auto signature = infer::read_onnx_signature(bytes_of(TinyOnnx()
                                                                 .input("x", {-1, 3, 4, 5})
                                                                 .input("w", {1, 1})
                                                                 .constant("w", {1, 1}, {1})
                                                                 .node("Mul", {"x", "w"}, "y")
                                                                 .output("y", {-1, 3, 4, 5})
                                                                 .bytes()));
  REQUIRE(signature.inputs.size() == 1);
  CHECK(signature.inputs[0].name == "x");
  CHECK(signature.inputs[0].dims == std::vector{-1, 3, 4, 5});
  CHECK(signature.inputs[0].is_float);
  REQUIRE(signature.outputs.size() == 1);
  CHECK(signature.outputs[0].name == "y");
}

TEST_CASE("bytes that are no ONNX model are an error", "[infer]") {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string(100, '\xff'), std::string(100, '\0')}) {
    CHECK_THROWS_AS(infer::read_onnx_signature(bytes_of(text)), std::runtime_error);
  }
  const std::string whole = TinyOnnx().input("x", {1}).node("Relu", {"x"}, "y").output("y", {1}).bytes();
  for (std::size_t length = 0; length + 5 < whole.size(); ++length) {
    CHECK_THROWS_AS(infer::read_onnx_signature(bytes_of(whole.substr(0, length))), std::runtime_error);
  }
}

TEST_CASE("weights in another file are refused, however deep they are named", "[infer]") {
  const auto refusal = [](const TinyOnnx& network) -> std::string {
    try {
      infer::read_onnx_signature(bytes_of(network.bytes()));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  };
  const auto network = [] { return TinyOnnx().input("x", {1, 2}).output("y", {1, 2}); };
  CHECK(refusal(network().constant_elsewhere("w", {1, 2}, "/etc/hostname").node("Mul", {"x", "w"}, "y")) ==
        "its weights are kept in another file");

  TinyOnnx body = TinyOnnx().constant_elsewhere("w", {1, 2}, "secret").node("Mul", {"x", "w"}, "z");
  CHECK(refusal(network().holding("Loop", {"x"}, "y", body)) == "its weights are kept in another file");
  CHECK(refusal(network().holding("Loop", {"x"}, "y", TinyOnnx().holding("If", {"x"}, "z", body))) ==
        "its weights are kept in another file");

  for (int i = 0; i < 20; ++i) body = TinyOnnx().holding("If", {"x"}, "z", body);
  CHECK(refusal(network().holding("Loop", {"x"}, "y", body)) == "its graphs are nested too deep");
  CHECK(refusal(network().holding("Loop", {"x"}, "y", TinyOnnx().node("Relu", {"x"}, "z"))).empty());
}

TEST_CASE("sizes left open are filled in, nothing else is touched", "[infer]") {
  const auto shapes = [](const std::string& bytes, int side, int batch = 1) {
    const auto filled = infer::with_open_sizes(bytes_of(bytes), 4, side);
    return infer::input_shapes_at(infer::read_onnx_signature(filled), batch);
  };
  const auto network = [](const std::vector<int>& dims) {
    return TinyOnnx().input("x", dims).node("Relu", {"x"}, "y").output("y", {1, 3, -1, -1}).bytes();
  };
  CHECK(shapes(network({1, 3, -1, -1}), 320) == std::vector<std::vector<int>>{{3, 320, 320}});
  CHECK(shapes(network({1, 3, 200, -1}), 70'000) == std::vector<std::vector<int>>{{3, 200, 70'000}});
  CHECK(shapes(network({-1, -1, -1, 8}), 32, 4) == std::vector<std::vector<int>>{{-1, 32, 8}});
  const std::string whole = network({1, 3, 32, 32});
  const auto same = infer::with_open_sizes(bytes_of(whole), 4, 320);
  CHECK(std::equal(same.begin(), same.end(), bytes_of(whole).begin(), bytes_of(whole).end()));
  const std::string open = network({1, 3, -1, -1});
  for (std::size_t length = 1; length < open.size(); ++length) {
    try {
      infer::with_open_sizes(bytes_of(open).first(length), 4, 320);
    } catch (const std::runtime_error&) {
    }
  }
}

TEST_CASE("a Darknet cfg tells its input", "[infer]") {
  const auto read = [](const std::string& text) { return infer::read_darknet_input(bytes_of(text)); };
  CHECK(read("[net]\nbatch=1\nwidth=320\nheight = 240\nchannels=1\n[convolutional]\nwidth=9999\n") ==
        std::vector{1, 240, 320});
  CHECK(read("# a comment\n[net]\r\nwidth=32\r\nheight=64\r\n") == std::vector{3, 64, 32});
  for (const char* bad :
       {"", "[net]\n", "[net]\nwidth=0\nheight=1\n", "[net]\nwidth=99999\nheight=1\n", "width=1\nheight=1\n"}) {
    CHECK_THROWS_AS(read(bad), std::runtime_error);
  }
}

TEST_CASE("Darknet heads are told to keep all scores", "[infer]") {
  const auto changed = [](const std::string& text) { return infer::with_all_scores(bytes_of(text)); };
  CHECK(changed("[net]\nthresh=9\n[yolo]\nthresh = .5\nignore_thresh=.7\n[convolutional]\nthresh=1\n[yolo]\nmask=0") ==
        "[net]\nthresh=9\n[yolo]\nthresh=0.001\nignore_thresh=.7\n[convolutional]\nthresh=1\n[yolo]\nthresh=0."
        "001\nmask=0\n");
  CHECK(changed("[region]\r\n") == "[region]\r\nthresh=0.001\n");
  CHECK(changed("").empty());
}

TEST_CASE("a manifest names batch sizes", "[infer]") {
  TempFolder folder;
  const std::string model = folder / "m.onnx";
  CHECK(infer::manifest_batch_sizes(model, true) == std::vector{1});
  const auto sizes = [&](const std::string& text) {
    write_file(folder.path(), "m.json", text);
    return infer::manifest_batch_sizes(model, true);
  };
  CHECK(sizes("{}") == std::vector{1});
  CHECK(sizes(R"({"batch_sizes": []})") == std::vector{1});
  CHECK(sizes(R"({"name": "x", "batch_sizes": [4, 2, 4]})") == std::vector{1, 2, 4});
  const std::pair<const char*, const char*> bad[] = {
      {"", "not a JSON object"},
      {"[1]", "not a JSON object"},
      {"{\"batch_sizes\": 4}", "batch_sizes must be a list of at most 8 numbers"},
      {"{\"batch_sizes\": [1,2,3,4,5,6,7,8,9]}", "batch_sizes must be a list of at most 8 numbers"},
      {"{\"batch_sizes\": [0]}", "batch_sizes must be whole numbers from 1 to 64"},
      {"{\"batch_sizes\": [1.5]}", "batch_sizes must be whole numbers from 1 to 64"},
      {"{\"batch_sizes\": [\"4\"]}", "batch_sizes must be whole numbers from 1 to 64"},
      {"{\"batch_sizes\": [1000000000000]}", "batch_sizes must be whole numbers from 1 to 64"},
  };
  for (const auto& [text, why] : bad) {
    CHECK_THROWS_WITH(sizes(text), "cannot read model manifest: " + (folder / "m.json") + ": " + why);
  }
  CHECK_THROWS_AS(sizes(std::string(70'000, ' ')), std::runtime_error);
}

TEST_CASE("without a manifest of its own a model's entry in the folder's list counts", "[infer]") {
  TempFolder folder;
  const auto sizes = [&](const std::string& text) {
    write_file(folder.path(), "manifest.json", text);
    return infer::manifest_batch_sizes(folder / "m.onnx", true);
  };
  CHECK(sizes(R"({"models": [{"batch_sizes": [2], "files": [{"file": "n.onnx"}]},
                             {"batch_sizes": [1, 16], "files": [{"file": "x"}, {"file": "m.onnx"}]}]})") ==
        std::vector{1, 16});
  for (const char* other : {"", "[]", "{\"models\": 3}", "{\"models\": [3, {}, {\"files\": [1, {\"file\": 2}]}]}"}) {
    CHECK(sizes(other) == std::vector{1});
  }
  CHECK(sizes(std::string(70'000, ' ')) == std::vector{1});
  sizes(R"({"models": [{"batch_sizes": [16], "files": [{"file": "m.onnx"}]}]})");
  CHECK(infer::manifest_batch_sizes(folder / "m.onnx", false) == std::vector{1});
  CHECK_THROWS_WITH(
      sizes(R"({"models": [{"batch_sizes": [0], "files": [{"file": "m.onnx"}]}]})"),
      "cannot read model manifest: " + (folder / "manifest.json") + ": batch_sizes must be whole numbers from 1 to 64");
  write_file(folder.path(), "m.json", R"({"batch_sizes": [8]})");
  CHECK(infer::manifest_batch_sizes(folder / "m.onnx", true) == std::vector{1, 8});
}

TEST_CASE("reasons are one line, cut short", "[infer]") {
  CHECK(infer::one_line("first \nsecond") == "first");
  CHECK(infer::one_line("") == "unknown error");
  CHECK(infer::one_line(std::string(5000, 'x')).size() == 300);
  CHECK(infer::ends_with_nocase("a.ONNX", ".onnx"));
  CHECK_FALSE(infer::ends_with_nocase("x", ".onnx"));
}

}  // namespace lynceus::test
