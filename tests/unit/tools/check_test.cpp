// `lynceus check` as it is called: exit codes, one line a problem, nothing else where nothing belongs.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Answer {
  int exit;
  std::string text;
};

Answer shell(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Answer out{-1, {}};
  std::array<char, 4096> part{};
  for (std::size_t n; (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;) out.text.append(part.data(), n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) out.exit = WEXITSTATUS(status);
  return out;
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : ".";
}

std::string check(const std::string& arguments) {
  return from_environment("LYNCEUS_BUILD_DIR") + "/bin/lynceus check " + arguments;
}
Answer out(const std::string& arguments) { return shell(check(arguments) + " 2>/dev/null"); }
Answer err(const std::string& arguments) { return shell(check(arguments) + " 2>&1 >/dev/null"); }

/// A folder of the test's own with one file in it.
class File {
 public:
  explicit File(const std::string& text) {
    std::string folder = (fs::temp_directory_path() / "lynceus-check-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    std::ofstream(path()) << text;
  }
  ~File() { fs::remove_all(folder_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return (folder_ / "l.yaml").string(); }

 private:
  fs::path folder_;
};

TEST_CASE("a right file") {
  const File file("cameras: {a: {url: sim://card}}\n");
  const Answer answer = out(file.path());
  CHECK(answer.exit == 0);
  CHECK(answer.text == file.path() + ": right, 1 camera\n");
  CHECK(err(file.path()).text.empty());
  const Answer origin = out("--origin " + file.path());
  CHECK(origin.text.find("cameras.a.url = sim://card\t(" + file.path() + ":1:20)\n") != std::string::npos);
  CHECK(origin.text.find("cameras.a.analyzers.health.frozen_after = ") != std::string::npos);
}

TEST_CASE("a wrong file: every problem, one a line") {
  const File file(
      "sevrer: {}\ncameras:\n  a:\n    url: rtps://u:hunter22@h/\n    analyzers: {health: {frozzen: true}}\n");
  CHECK(out(file.path()).exit == 78);
  CHECK(out(file.path()).text.empty());
  const std::string prefix = "lynceus: config: " + file.path();
  CHECK(err(file.path()).text ==
        prefix + ":1:1: sevrer: unknown key; did you mean 'server'?\n" + prefix +
            ":4:10: cameras.a.url: unknown scheme 'rtps'; did you mean 'rtsp'?\n" + prefix +
            ":5:26: cameras.a.analyzers.health.frozzen: unknown key; did you mean 'frozen'?\n");
}

TEST_CASE("several files, as JSON") {
  const File right("{}\n"), wrong("a: 1\n");
  const Answer answer = out("--json " + right.path() + " " + wrong.path() + " /no/such/file");
  CHECK(answer.exit == 78);
  const Json json = Json::parse(answer.text);
  CHECK(json["ok"] == false);
  CHECK(json["files"][0]["ok"] == true);
  CHECK(json["files"][1]["problems"].size() == 1);
  CHECK(json["files"][2]["problems"][0] == "/no/such/file: cannot be read: No such file or directory");
}

TEST_CASE("what comes out of the tables") {
  CHECK(Json::parse(out("--schema").text)["properties"].contains("cameras"));
  CHECK(out("--schema").text.find("frozen_after") != std::string::npos);
  CHECK(shell(check("--reference") + " | diff - " + from_environment("LYNCEUS_SOURCE_DIR") + "/docs/ref/config.md")
            .exit == 0);
  CHECK(out("--reference --plugins " + from_environment("LYNCEUS_BUILD_DIR") + "/plugins")
            .text.find("## Plugin health") != std::string::npos);
}

TEST_CASE("wrong usage") {
  CHECK(out("").exit == 2);
  CHECK(out("--wibble x").exit == 2);
  CHECK(out("--schema x").exit == 2);
  CHECK(out("--plugins /no/such/folder x").exit == 2);
  CHECK(out("--help").exit == 0);
}

}  // namespace
}  // namespace lynceus::test
