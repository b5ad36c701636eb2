// `lynceus analyze health` as it is called: every documented field, --out, --config and --set, exit codes.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tools/analyze/video_file.h"

using namespace lynceus;
using lynceus::test::TempFolder;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct Answer {
  int exit = -1;
  std::vector<Json> lines;
  std::string errors;
};

class Bench {
 public:
  Bench() {
    cv::Mat room(120, 160, CV_8UC3, cv::Scalar::all(120));  // with edges to be sharp
    cv::RNG random(1);
    for (int i = 0; i < 80; ++i) {
      const cv::Rect thing(random.uniform(0, 150), random.uniform(0, 110), random.uniform(4, 30),
                           random.uniform(4, 30));
      cv::rectangle(room, thing, cv::Scalar::all(random.uniform(40, 220)), cv::FILLED);
    }
    picture::write(path("1.png"), room);
    picture::write(path("2.png"), cv::Mat(120, 160, CV_8UC3, cv::Scalar(5, 5, 5)));
    picture::write(path("10.png"), room);
  }

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

  Answer run(const std::string& arguments) const {
    const char* build = std::getenv("LYNCEUS_BUILD_DIR");
    const std::string command =
        std::string(build ? build : ".") + "/bin/lynceus analyze " + arguments + " 2>" + path("errors");
    Answer answer;
    FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 4096> buffer{};
    for (std::size_t got; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      text.append(buffer.data(), got);
    answer.exit = WEXITSTATUS(::pclose(pipe));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("{")) answer.lines.push_back(Json::parse(line));  // the rest is --help
    }
    std::ifstream errors(path("errors"));
    answer.errors.assign(std::istreambuf_iterator<char>(errors), {});
    return answer;
  }

 private:
  TempFolder folder_;
};

/// What docs/ref/cli.md promises of every line, and of health's.
void check_line(const Json& line) {
  INFO(line.dump());
  CHECK(line.at("input").is_string());
  CHECK(line.at("frame").is_number_integer());
  CHECK(line.at("time_s").is_number());
  CHECK(line.at("plugin") == "health");
  CHECK(line.at("ms").get<double>() >= 0);
  CHECK(line.at("measurements").at("sharpness").is_number());
  CHECK(line["measurements"].size() == 3);
  std::set<std::string> keys;
  for (const Json& condition : line.at("conditions")) {
    keys.insert(condition.at("key").get<std::string>());
    CHECK(condition.at("active").is_boolean());
    CHECK(std::set<std::string>{"info", "warning", "critical"}.count(condition.at("severity")) == 1);
    CHECK_FALSE(condition.at("summary").get<std::string>().empty());
  }
  CHECK(keys == std::set<std::string>{"camera_bright", "camera_blurred", "camera_covered", "camera_dark", "camera_flat",
                                      "camera_frozen", "camera_moved"});
  CHECK(std::set<std::string>{"ok", "dark", "bright", "blurred", "frozen", "moved", "covered", "flat"}.count(
            line.at("state")) == 1);
  for (const char* number : {"sharpness", "brightness", "entropy"}) CHECK(line.at(number).is_number());
}

std::vector<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return {names.begin(), names.end()};
}

}  // namespace

TEST_CASE("pictures given one by one are unrelated") {
  const Bench bench;
  const Answer answer = bench.run("health " + bench.path("1.png") + " " + bench.path("2.png"));
  REQUIRE(answer.exit == 0);
  CHECK(answer.errors.empty());
  REQUIRE(answer.lines.size() == 2);
  for (const Json& line : answer.lines) check_line(line);
  CHECK(answer.lines[0]["input"] == bench.path("1.png"));
  CHECK(answer.lines[0]["state"] == "ok");
  CHECK(answer.lines[1]["state"] == "dark");
  CHECK(answer.lines[1]["frame"] == 0);
}

TEST_CASE("a folder is read in natural order; what cannot be read is a line on stderr and exit 3") {
  const Bench bench;
  fs::create_directory(bench.path("in"));
  for (const char* name : {"1.png", "2.png", "10.png"}) fs::copy_file(bench.path(name), bench.path("in/") + name);
  bench.file("in/3.png", "no picture");
  const Answer answer = bench.run("health " + bench.path("in"));
  CHECK(answer.exit == 3);
  REQUIRE(answer.lines.size() == 3);
  for (const Json& line : answer.lines) check_line(line);
  CHECK(answer.lines[2]["input"] == bench.path("in/10.png"));
  CHECK(answer.errors.find("lynceus: ") == 0);
  CHECK(answer.errors.find("3.png") != std::string::npos);
  CHECK(answer.errors.find('\n') == answer.errors.size() - 1);

  const Answer sequence = bench.run("health --sequence --limit 2 " + bench.path("in"));
  REQUIRE(sequence.lines.size() == 2);
  CHECK(sequence.lines[1]["frame"] == 1);
  CHECK(sequence.lines[1]["time_s"].get<double>() > 0);
}

TEST_CASE("a video: every frame a line, --out every frame a picture, and a video") {
  const Bench bench;
  tools::VideoFile video(bench.path("yard"), {160, 120}, 10);
  const cv::Mat room = picture::read(bench.path("1.png")).pixels;
  for (int i = 0; i < 5; ++i) video.write(room);
  video.finish();
  const Answer answer = bench.run("health --out " + bench.path("out") + " " + video.path());
  INFO(answer.errors);
  REQUIRE(answer.exit == 0);
  REQUIRE(answer.lines.size() == 5);
  for (int i = 0; i < 5; ++i) {
    check_line(answer.lines[std::size_t(i)]);
    CHECK(answer.lines[std::size_t(i)]["frame"] == i);
    CHECK(answer.lines[std::size_t(i)]["time_s"].get<double>() == Approx(0.1 * i).margin(0.01));
    CHECK(fs::exists(bench.path("out/yard-00000" + std::to_string(i) + ".png")));
  }
  const auto names = names_in(bench.path("out"));
  REQUIRE(names.size() == 6);
  CHECK(names.back().find("yard.annotated.m") == 0);
  const Answer again = bench.run("health " + bench.path("out/" + names.back()));
  CHECK(again.lines.size() == 5);
}

TEST_CASE("--out beside the input never writes over it") {
  const Bench bench;
  const auto before = fs::file_size(bench.path("1.png"));
  REQUIRE(bench.run("health --out " + bench.path("") + " " + bench.path("1.png")).exit == 0);
  CHECK(fs::file_size(bench.path("1.png")) == before);
  CHECK(fs::exists(bench.path("1.annotated.png")));
}

TEST_CASE("--config gives options, --set goes over them") {
  const Bench bench;
  const std::string dark = bench.path("2.png");
  const auto state = [&](const std::string& options) {
    const Answer answer = bench.run("health " + options + " " + dark);
    INFO(answer.errors);
    REQUIRE(answer.exit == 0);
    return answer.lines.at(0).at("state").get<std::string>();
  };
  const std::string section = "--config " + bench.file("a.yaml", "health: {dark_level: 2, blurred: false}\n");
  const std::string camera =
      "--config " +
      bench.file("b.yaml", "cameras:\n  yard: {url: 'sim://still', analyzers: {health: {dark_level: 2}}}\n");
  CHECK(state("") == "dark");
  CHECK(state("--set dark_level=2") != "dark");
  CHECK(state(section) != "dark");
  CHECK(state(section + " --set dark_level=40") == "dark");
  CHECK(state(camera) != "dark");
  CHECK(state(camera + " --camera yard --set dark_level=40") == "dark");

  CHECK(bench.run("health " + camera + " --camera gate " + dark).exit == 2);
  CHECK(bench.run("health --config " + bench.file("c.yaml", "health: {drak_level: 2}\n") + " " + dark).exit == 78);
  CHECK(bench.run("health --config " + bench.path("none.yaml") + " " + dark).exit == 78);
}

TEST_CASE("wrong usage is 2, no input to read is 3") {
  const Bench bench;
  CHECK(bench.run("").exit == 2);
  CHECK(bench.run("health").exit == 2);
  CHECK(bench.run("helth " + bench.path("1.png")).exit == 2);
  CHECK(bench.run("health --sett a=1 " + bench.path("1.png")).exit == 2);
  CHECK(bench.run("health --set nonsense=1 " + bench.path("1.png")).exit == 2);
  CHECK(bench.run("health --set dark_level=high " + bench.path("1.png")).exit == 2);
  CHECK(bench.run("health --sequence --stills " + bench.path("1.png")).exit == 2);
  CHECK(bench.run("health " + bench.path("none.png")).exit == 3);
  CHECK(bench.run("health '" + bench.path("*.gif") + "'").exit == 3);
  CHECK(bench.run("health " + bench.file("x.mp4", "no video")).exit == 3);
  CHECK(bench.run("health --help").exit == 0);
}
