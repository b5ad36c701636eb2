// `lynceus models` as it is called.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/models/a_network.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

struct Answer {
  int exit;
  std::string text;
};

/// With a list of one network, `tiny`.
class Command {
 public:
  Command() {
    write_file(at_ / "list.json", list_text());
    std::filesystem::create_directory(from());
  }
  std::string from() const { return at_ / "from"; }
  std::string to() const { return at_ / "to"; }
  std::string file(const std::string& name) const { return at_ / name; }

  Answer run(std::vector<std::string> words) const {
    const char* build = std::getenv("LYNCEUS_BUILD_DIR");
    words.insert(words.begin(), {std::string(build != nullptr ? build : ".") + "/bin/lynceus", "models"});
    words.insert(words.end(), {"--manifest", at_ / "list.json", "--dir", to()});
    ChildProcess child(words);
    const auto status = child.wait(30s);
    REQUIRE(status);
    return {*status, child.output()};
  }

 private:
  TempFolder at_;
};

TEST_CASE("list, pull from a folder, verify") {
  const Command models;
  const Answer listed = models.run({"list", "--json"});
  REQUIRE(listed.exit == 0);
  REQUIRE(Json::parse(listed.text)["models"][0]["files"][0]["file"] == "tiny.weights");

  const Answer nothing = models.run({"pull", "tiny", "--from", models.from()});
  REQUIRE(nothing.exit == 3);
  REQUIRE(nothing.text == "lynceus: models: " + models.from() + "/tiny.weights: No such file or directory\n");

  for (const char* name : {"from/tiny.weights", "from/tiny.cfg"}) write_file(models.file(name), kBytes);
  const Answer pulled = models.run({"pull", "--all", "--from", models.from(), "--json"});
  REQUIRE(pulled.exit == 0);
  REQUIRE(Json::parse(pulled.text)["files"].size() == 2);
  REQUIRE(models.run({"pull", "tiny", "--from", "/nowhere"}).exit == 0);  // it is there

  REQUIRE(models.run({"verify"}).exit == 0);
  write_file(models.file("to/mine.onnx"), "mine");
  const Answer right = models.run({"verify", "--json"});
  REQUIRE(right.exit == 0);
  REQUIRE(Json::parse(right.text)["files"][2]["state"] == "unknown");

  write_file(models.file("to/tiny.cfg"), "no network at ALL");
  const Answer wrong = models.run({"verify"});
  REQUIRE(wrong.exit == 1);
  REQUIRE(wrong.text.find("lynceus: models: " + models.to() + "/tiny.cfg: of other bytes\n") != std::string::npos);
  const Answer mended = models.run({"pull", "tiny", "--from", models.from()});
  REQUIRE(mended.exit == 0);
  REQUIRE(models.run({"verify", "tiny"}).exit == 0);
}

TEST_CASE("verify says what is missing of those named, and nothing of the others") {
  const Command models;
  REQUIRE(models.run({"verify"}).exit == 3);  // no such folder
  std::filesystem::create_directory(models.to());
  REQUIRE(models.run({"verify"}).exit == 0);
  const Answer missing = models.run({"verify", "tiny"});
  REQUIRE(missing.exit == 1);
  REQUIRE(missing.text.find("/tiny.weights: missing\n") != std::string::npos);
}

TEST_CASE("wrong usage is 2, a list that cannot be read 3, a bad configuration 78") {
  const Command models;
  REQUIRE(models.run({"pull"}).exit == 2);
  REQUIRE(models.run({"pull", "tiny", "--all"}).exit == 2);
  const Answer unknown = models.run({"pull", "tinny"});
  REQUIRE(unknown.exit == 2);
  REQUIRE(unknown.text == "lynceus: models: tinny: not known; did you mean 'tiny'?\n");
  REQUIRE(models.run({"fetch", "tiny"}).exit == 2);
  const Answer mirror = models.run({"pull", "tiny", "--mirror", "ftp://u:hunter22@h/"});
  REQUIRE(mirror.exit == 2);
  REQUIRE(mirror.text.find("hunter") == std::string::npos);
  write_file(models.file("bad.yaml"), "inference: {mirrors: [\"ftp://h/\"]}\n");
  const Answer config = models.run({"pull", "tiny", "--config", models.file("bad.yaml")});
  REQUIRE(config.exit == 78);
  REQUIRE(config.text.find("bad.yaml:1:23: inference.mirrors[0]: is no web address") != std::string::npos);
  write_file(models.file("list.json"), "{}");
  REQUIRE(models.run({"list"}).exit == 3);
}

}  // namespace
}  // namespace lynceus::test
