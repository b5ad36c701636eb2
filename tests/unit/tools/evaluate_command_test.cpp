// `lynceus evaluate context` as it is called.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/context/pictures.h"

namespace lynceus::test {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

struct Answer {
  int exit = -1;
  std::string out;
};

Answer evaluate(const std::string& arguments) {
  const char* build = std::getenv("LYNCEUS_BUILD_DIR");
  const std::string command = std::string(build ? build : ".") + "/bin/lynceus evaluate " + arguments + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Answer answer;
  std::array<char, 4096> buffer{};
  for (std::size_t got; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    answer.out.append(buffer.data(), got);
  answer.exit = WEXITSTATUS(::pclose(pipe));
  return answer;
}

/// A small clip in which a box crosses the place.
void make_clip(const std::string& folder) {
  const cv::Mat day = place({160, 120}, 3), night = by_night(day, 4);
  cv::RNG random(1);
  for (const char* name : {"/night", "/mask"}) fs::create_directories(folder + name);
  picture::write(folder + "/day.png", day);
  picture::write(folder + "/reference.png", night);
  for (int i = 0; i < 6; ++i) {
    cv::Mat frame = night.clone(), mask = cv::Mat::zeros(day.size(), CV_8UC1);
    const cv::Rect box(30 + 10 * i, 40, 30, 50);
    cv::rectangle(frame, box, cv::Scalar(70, 80, 120), cv::FILLED);
    cv::rectangle(frame, cv::Rect(box.tl() + cv::Point(8, 8), cv::Size(10, 14)), cv::Scalar(10, 20, 20), cv::FILLED);
    cv::rectangle(mask, box, 255, cv::FILLED);
    const std::string name = "/" + std::to_string(i) + ".png";
    picture::write(folder + "/night" + name, with_noise(frame, 2, random));
    picture::write(folder + "/mask" + name, mask);
  }
}

TEST_CASE("one clip: every documented figure, and the pictures") {
  const TempFolder folder;
  make_clip(folder / "yard");
  const Answer answer = evaluate("context --json --out " + (folder / "out") + " " + (folder / "yard"));
  INFO(answer.out);
  REQUIRE(answer.exit == 0);
  const Json figures = Json::parse(answer.out);
  for (const char* key :
       {"fps", "residual", "solver_error", "foreground_gradient_correlation", "background_gradient_correlation", "halo",
        "flicker", "flicker_input", "recall_before", "recall_after", "baselines", "importance"}) {
    REQUIRE(figures.contains(key));
  }
  REQUIRE(figures["foreground_gradient_correlation"] > 0.95);
  REQUIRE(figures["background_gradient_correlation"] > 0.95);
  REQUIRE(figures["halo"] <= 3);
  REQUIRE(figures["flicker"] < figures["flicker_input"]);
  REQUIRE(fs::exists(folder / "out/yard.jsonl"));
  REQUIRE(fs::exists(folder / "out/yard/005.enhanced.png"));
  REQUIRE(fs::exists(folder / "out/yard/strip.png"));
}

TEST_CASE("two clips: each by its name, and both together") {
  const TempFolder folder;
  make_clip(folder / "yard");
  make_clip(folder / "gate");
  const Answer answer = evaluate("context --json " + (folder / "yard") + " " + (folder / "gate"));
  REQUIRE(answer.exit == 0);
  const Json figures = Json::parse(answer.out);
  REQUIRE(figures["datasets"].size() == 2);
  REQUIRE(figures["frames"] == 12);
}

TEST_CASE("what is no dataset, no evaluation or no option is told in one line") {
  const TempFolder folder;
  REQUIRE(evaluate("context " + (folder / "nothing")).exit == 3);
  REQUIRE(evaluate("health " + folder.path()).exit == 2);
  make_clip(folder / "yard");
  REQUIRE(evaluate("context --set profil=seed " + (folder / "yard")).exit == 2);
  fs::remove(folder / "yard/mask/3.png");
  const Answer answer = evaluate("context " + (folder / "yard"));
  REQUIRE(answer.exit == 3);
  REQUIRE(answer.out.find("5 masks for 6 frames") != std::string::npos);
}

}  // namespace
}  // namespace lynceus::test
