// `lynceus token` as it is called.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/tokens.h"
#include "tests/support/catch.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

struct Answer {
  int exit;
  std::string text;
};

Answer token(std::vector<std::string> words) {
  const char* build = std::getenv("LYNCEUS_BUILD_DIR");
  words.insert(words.begin(), {std::string(build != nullptr ? build : ".") + "/bin/lynceus", "token"});
  ChildProcess child(words);
  const auto status = child.wait(30s);
  REQUIRE(status);
  return {*status, child.output()};
}

}  // namespace

TEST_CASE("a token is made, listed and removed") {
  TempFolder folder;
  const std::string state = folder / "state";
  const Answer added = token({"add", "--state", state, "--role", "operate", "--json", "control-room"});
  REQUIRE(added.exit == 0);
  const Json made = Json::parse(added.text);
  const auto tokens = config::read_tokens(state);
  REQUIRE(config::match(tokens, made.at("token").get<std::string>()) != nullptr);
  CHECK(config::match(tokens, made.at("token").get<std::string>())->role == config::Role::operate);

  const Answer listed = token({"list", "--state", state, "--json"});
  CHECK(Json::parse(listed.text).at("tokens").at(0).at("role") == "operate");
  CHECK(listed.text.find(made.at("token").get<std::string>()) == std::string::npos);
  CHECK(token({"add", "--state", state, "--role", "view", "control-room"}).exit == 2);
  CHECK(token({"remove", "--state", state, "control-room"}).exit == 0);
  CHECK(token({"remove", "--state", state, "control-room"}).exit == 3);
  CHECK(config::read_tokens(state).empty());
}

TEST_CASE("the configuration says where the state is") {
  TempFolder folder;
  std::ofstream(folder / "lynceus.yaml") << "storage: {directory: " << folder.path() << "}\ncameras: {}\n";
  CHECK(token({"add", "--config", folder / "lynceus.yaml", "--role", "admin", "me"}).exit == 0);
  CHECK(config::read_tokens(folder.path()).size() == 1);
}

TEST_CASE("wrong usage of token is one line and exit 2") {
  for (const std::vector<std::string>& bad :
       {std::vector<std::string>{}, {"add"}, {"add", "x"}, {"add", "--role", "king", "x"}, {"drop", "x"}}) {
    const Answer answer = token(bad);
    CHECK(answer.exit == 2);
    CHECK(answer.text.rfind("lynceus: ", 0) == 0);
  }
}

}  // namespace lynceus::test
