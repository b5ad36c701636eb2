// `lynceus evaluate people` on a folder of MOTChallenge's layout, boxes out of its det.txt.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tools/command/progress.h"
#include "tools/evaluate/evaluator.h"
#include "tools/evaluate/people_sequence.h"

namespace lynceus::tools {
namespace {

/// Three people side by side for thirty frames; the truth holds a distractor, too.
std::string make_sequence(const test::TempFolder& folder, const std::string& name, bool mot16) {
  const std::string path = folder / name;
  std::filesystem::create_directories(path + "/gt");
  std::filesystem::create_directories(path + "/det");
  std::ofstream truth(path + "/gt/gt.txt"), found(path + "/det/det.txt");
  for (int f = 1; f <= 30; ++f) {
    for (int k = 0; k < 3; ++k) {
      const int x = 50 + 150 * k + 3 * f;
      truth << f << ',' << k + 1 << ',' << x << ",100,50,120,1," << (mot16 ? "1,1\n" : "-1,-1,-1\n");
      found << f << ",-1," << x + 1 << ",101,50,120,0.9\n";
    }
    if (mot16) truth << f << ",9,520,100,60,150,0,8,1\n";
    if (mot16) found << f << ",-1,520,100,60,150,0.9\n";
  }
  std::ofstream(path + "/seqinfo.ini") << "[Sequence]\nframeRate=10\nimWidth=640\nimHeight=480\n";
  return path;
}

Json evaluate(const std::string& dataset, const std::vector<std::string>& sets, const std::string& out = "") {
  log::set_level(log::Level::warning);
  SetupRequest request;
  request.plugin = "people";
  request.plugins_dir = LYNCEUS_PLUGINS;
  request.sets = sets;
  Progress progress(0);
  EvaluateRun run{request, std::nullopt, progress};
  if (!out.empty()) run.out.emplace(out), run.out->begin(dataset);
  return make_evaluator("people")->evaluate(run, dataset);
}

TEST_CASE("people who are all found and never mixed up are tracked perfectly; lines count frames from zero") {
  const test::TempFolder folder;
  const std::string path = make_sequence(folder, "three", false);
  const Json figures = evaluate(path, {"detector=file"}, folder / "out");
  for (const char* key : {"idf1", "mota"}) REQUIRE(figures[key] == 100.0);
  REQUIRE(figures["motp"].get<double>() > 90);
  REQUIRE(figures["hota"].get<double>() > 85);
  REQUIRE(figures["id_switches"] == 0);
  REQUIRE(figures["fps"].get<double>() > 0);
  std::ifstream lines(folder / "out/three.jsonl");
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json json = Json::parse(line);
    REQUIRE(json["frame"] == count);
    REQUIRE(json["detector"] == "file");
    REQUIRE(json["people"].size() == 3);
  }
  REQUIRE(count == 30);
}

TEST_CASE("boxes on a distractor count neither way") {
  const test::TempFolder folder;
  const std::string path = make_sequence(folder, "distracted", true);
  REQUIRE(read_people_sequence(path).truth.at(1).size() == 3);
  REQUIRE(evaluate(path, {"detector=file"})["mota"] == 100.0);
}

TEST_CASE("what cannot be evaluated is told") {
  const test::TempFolder folder;
  const std::string path = make_sequence(folder, "three", false);
  REQUIRE_THROWS_AS(evaluate(path, {}), Error);  // no pictures, and no boxes wanted
  REQUIRE_THROWS_AS(evaluate(folder / "nothing", {}), Error);
  std::ofstream(path + "/gt/gt.txt", std::ios::app) << "what\n";
  REQUIRE_THROWS_AS(evaluate(path, {"detector=file"}), Error);
}

}  // namespace
}  // namespace lynceus::tools
