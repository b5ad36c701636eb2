// The list of known networks: the one built in, and bad ones.
#include "pipeline/models/model_list.h"

#include <cstdlib>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>

#include "pipeline/models/file_check.h"
#include "pipeline/models/sha256.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/unit/models/a_network.h"

namespace lynceus::test {
namespace {

using models::ModelList;

std::string source(const std::string& path) {
  const char* root = std::getenv("LYNCEUS_SOURCE_DIR");
  return std::string(root != nullptr ? root : ".") + "/" + path;
}

TEST_CASE("the list that is built in is models/manifest.json, and right") {
  const ModelList& list = ModelList::built_in();
  REQUIRE(list.models().size() >= 4);
  REQUIRE(ModelList::read(source("models/manifest.json")).models().size() == list.models().size());
  REQUIRE(list.find("yolox_nano") != nullptr);
  REQUIRE(list.find("yolox") == nullptr);
  const auto known = list.file("nanodet.onnx");
  REQUIRE(known.file != nullptr);
  REQUIRE(known.model->name == "nanodet");
  REQUIRE(list.file("none.onnx").model == nullptr);
}

TEST_CASE("every network that ships is in the list, and is what the list says") {
  for (const auto& entry : std::filesystem::directory_iterator(source("models"))) {
    const std::string name = entry.path().filename().string(), ending = entry.path().extension().string();
    if (ending != ".onnx" && ending != ".weights") continue;
    const auto sum = models::sum_of_file(entry.path().string(), models::kLargestFile);
    REQUIRE(sum.has_value());
    INFO("for models/manifest.json: {\"file\": \"" << name << "\", \"bytes\": " << sum->bytes << ", \"sha256\": \""
                                                   << sum->sha256 << "\"}");
    const auto known = ModelList::built_in().file(name);
    REQUIRE(known.file != nullptr);
    REQUIRE(known.file->url.empty());
    REQUIRE(models::check(entry.path().string(), *known.file) == models::FileState::right);
  }
}

TEST_CASE("the list's sums are those of the public networks") {
  LYNCEUS_NEED_DATA(folder_of_all, "models");
  const std::set<std::string> folders{"yolox_nano", "nanodet", "yolo_fastest", "mobilenetv2_yolov3_nano"};
  int seen = 0;
  for (const std::string& folder : folders) {
    for (const auto& entry : std::filesystem::directory_iterator(*folder_of_all + "/" + folder)) {
      const auto known = ModelList::built_in().file(entry.path().filename().string());
      if (known.file == nullptr) continue;
      REQUIRE(models::check(entry.path().string(), *known.file) == models::FileState::right);
      ++seen;
    }
  }
  REQUIRE(seen >= 10);
}

std::string trouble(const std::string& text) {
  try {
    ModelList::parse(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("bad lists are refused with the place and the reason") {
  REQUIRE(trouble(list_text()) == "accepted");
  REQUIRE(trouble("") == "no JSON object");
  REQUIRE(trouble("[]") == "no JSON object");
  REQUIRE(trouble("{}") == "'models' is missing");
  REQUIRE(trouble(std::string(2 << 20, ' ')) == "more than 1 MiB");
  REQUIRE(trouble(list_text("tiny.weights", "../tiny.weights")) ==
          "tiny: a file's name is not letters, digits, '.', '_' and '-'");
  REQUIRE(trouble(list_text("tiny.weights", ".tiny")) ==
          "tiny: a file's name is not letters, digits, '.', '_' and '-'");
  REQUIRE(trouble(list_text("tiny.weights", "tiny.cfg")) == "tiny: the file tiny.cfg is there twice");
  REQUIRE(trouble(list_text("17", "-17")) == "tiny: tiny.weights: 'bytes' is no whole number from 1 to 536870912");
  REQUIRE(trouble(list_text("17", "99999999999")) ==
          "tiny: tiny.weights: 'bytes' is no whole number from 1 to 536870912");
  REQUIRE(trouble(list_text(kSum, "abc")) == "tiny: tiny.weights: 'sha256' is not 64 digits 0-9 a-f");
  REQUIRE(trouble(list_text(R"("sha256")", R"("url": "http://h/", "sha256")")) ==
          "tiny: tiny.weights: 'url' does not begin with https://");
  REQUIRE(trouble(list_text("[32, 32]", "32")) == "tiny: 'input' is not [width, height]");
  REQUIRE(trouble(list_text("[1]", "[]")) == "tiny: 'batch_sizes' is no list of 1 to 8");
  REQUIRE(trouble(list_text(R"("licence": "none", )", "")) == "tiny: 'licence' is no text");
}

}  // namespace
}  // namespace lynceus::test
