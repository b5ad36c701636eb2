// `lynceus evaluate scene` and `analyze scene` on rooms of plain colours, with a network that tells colours apart.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"
#include "tools/command/progress.h"
#include "tools/evaluate/evaluator.h"

namespace lynceus {
namespace {

using tools::Json;

/// Blue is floor, green structure, red furniture, and black props.
std::string colour_network(const std::string& folder) {
  test::TinyOnnx net;
  net.input("x", {1, 3, 240, 320})
      .constant("w", {4, 3, 1, 1}, {8, -8, -8, -8, 8, -8, -8, -8, 8, -9, -9, -9})
      .conv("x", "w", "y", {1, 1})
      .output("y", {1, 4, 240, 320});
  return test::write_file(folder, "colours.onnx", net.bytes());
}

/// Two rooms of 160×120, half floor and half wall. In the first a part of the floor is called furniture in the truth,
/// and a stripe is not known.
void make_rooms(const std::string& folder, const std::string& labels = "labels") {
  for (const std::string& name : {std::string("images"), labels})
    std::filesystem::create_directories(folder + "/" + name);
  cv::Mat picture(120, 160, CV_8UC3, cv::Scalar(255, 0, 0)), truth(120, 160, CV_8U, cv::Scalar(0));
  picture.colRange(80, 160).setTo(cv::Scalar(0, 255, 0));
  truth.colRange(80, 160).setTo(1);
  picture::write(folder + "/images/b.png", picture);
  picture::write(folder + "/" + labels + "/b.png", truth);
  truth(cv::Rect(10, 20, 40, 30)).setTo(2);
  truth.rowRange(100, 120).setTo(255);
  picture::write(folder + "/images/a.png", picture);
  picture::write(folder + "/" + labels + "/a.png", truth);
}

/// What the command line would make of it.
struct Called {
  explicit Called(const std::string& folder, std::vector<std::string> sets = {}) : progress(0) {
    log::capture([](std::string_view) {});
    run.request.plugin = "scene";
    run.request.plugins_dir = LYNCEUS_PLUGINS;
    run.request.sets = std::move(sets);
    run.request.sets.push_back("model=\"" + colour_network(folder) + "\"");
  }
  ~Called() { log::capture({}); }

  tools::Progress progress;
  tools::EvaluateRun run{{}, std::nullopt, progress};
};

std::string refusal(Called& called, const std::string& dataset) {
  try {
    tools::make_evaluator("scene")->evaluate(called.run, dataset);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("every documented figure, pictures and lines; two datasets are pooled") {
  const test::TempFolder folder;
  make_rooms(folder / "rooms");
  Called called(folder.path());
  called.run.out.emplace(folder / "out");
  called.run.out->begin(folder / "rooms");
  const auto evaluator = tools::make_evaluator("scene");
  const Json one = evaluator->evaluate(called.run, folder / "rooms");
  const double known = 2 * 160 * 120 - 160 * 20, wrong = 40 * 30;
  REQUIRE(one["pictures"] == 2);
  REQUIRE(one["pixel_acc"].get<double>() == Approx((known - wrong) / known));
  REQUIRE(one["mean_acc"].get<double>() == Approx(2.0 / 3));  // all floor, all wall, no furniture
  const double floor = known / 2 - wrong;
  REQUIRE(one["mean_iu"].get<double>() == Approx((floor / (floor + wrong) + 1) / 3));
  REQUIRE(one["fw_iu"].get<double>() == Approx((floor * floor / (floor + wrong) + known / 2) / known));
  REQUIRE(one["boundary_f1"].get<double>() > 0.5);
  REQUIRE(one["per_class"]["furniture"] == Json({{"acc", 0.0}, {"iu", 0.0}, {"pixels", 1200}}));
  REQUIRE(one["per_class"]["props"]["iu"].is_null());
  REQUIRE(one["ms_per_image"].get<double>() > 0);
  evaluator->evaluate(called.run, folder / "rooms");
  REQUIRE(evaluator->pooled()["pictures"] == 4);
  REQUIRE(evaluator->pooled()["mean_iu"] == one["mean_iu"]);
  const cv::Mat labels = picture::read(folder / "out/rooms/b.labels.png").pixels;
  REQUIRE(labels.type() == CV_8UC1);
  REQUIRE(cv::countNonZero(labels == 0) == 80 * 120);
  REQUIRE(cv::countNonZero(labels == 1) == 80 * 120);
  std::ifstream lines(folder / "out/rooms.jsonl");
  std::string line;
  REQUIRE(std::getline(lines, line));
  const Json said = Json::parse(line);
  REQUIRE(said["plugin"] == "scene");
  REQUIRE(said["classes"]["floor"] == 0.5);
  REQUIRE(said["classes"]["props"] == 0.0);
}

TEST_CASE("the table has the published figures in a column of their own") {
  const test::TempFolder folder;
  make_rooms(folder / "rooms");
  Called called(folder.path());
  const auto evaluator = tools::make_evaluator("scene");
  const Json figures = evaluator->evaluate(called.run, folder / "rooms");
  std::FILE* file = std::tmpfile();
  evaluator->print(figures, "rooms", file);
  std::string text(std::size_t(std::ftell(file)), ' ');
  std::rewind(file);
  REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  REQUIRE(text.find("published, official split, not comparable") != std::string::npos);
  REQUIRE(text.find("81.1") != std::string::npos);
  REQUIRE(text.find("furniture") != std::string::npos);
}

TEST_CASE("what is no dataset is told") {
  const test::TempFolder folder;
  make_rooms(folder / "rooms");
  Called called(folder.path());
  REQUIRE(refusal(called, folder / "nothing").find("it has no folder images") != std::string::npos);
  Called finer(folder.path(), {"classes=40"});
  REQUIRE(refusal(finer, folder / "rooms").find("classes 40: the network knows 4") != std::string::npos);
  cv::Mat wrong(120, 160, CV_8U, cv::Scalar(4));
  picture::write(folder / "rooms/labels/a.png", wrong);
  REQUIRE(refusal(called, folder / "rooms").find("has class 4 of 4") != std::string::npos);
  picture::write(folder / "rooms/labels/a.png", wrong(cv::Rect(0, 0, 50, 50)).clone());
  REQUIRE(refusal(called, folder / "rooms").find("not of its picture's size") != std::string::npos);
}

}  // namespace lynceus
