// A camera's settings: from JSON to the file and back, and what is refused on the way.
#include "config/canonical.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "config/settings_file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

namespace fs = std::filesystem;
using config::canonical_yaml;
using config::Keys;

const std::string kJson =
    R"({"zones":{"The door":{"polygon":[[0.1,0.2],[0.5,0.2],[0.5,0.9]]}},"enabled":false,"name":"true \"x\" \\ ü",)"
    R"("arm":[{"days":["mon-fri"],"from":"18:00"}],"fps":12,"masks":{}})";

std::string refusal(const std::string& json, Keys keys = Keys::settable) {
  try {
    canonical_yaml(json, keys);
  } catch (const config::ConfigError& error) {
    REQUIRE(error.lines().size() == 1);
    return error.lines()[0];
  }
  return "accepted";
}

}  // namespace

TEST_CASE("settings become YAML in one way, in the order they came in") {
  REQUIRE(canonical_yaml(kJson, Keys::settable) ==
          "zones:\n"
          "  \"The door\":\n"
          "    polygon: [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9]]\n"
          "enabled: false\n"
          "name: \"true \\\"x\\\" \\\\ ü\"\n"
          "arm: [{days: [\"mon-fri\"], from: \"18:00\"}]\n"
          "fps: 12\n"
          "masks: {}\n");
  REQUIRE(canonical_yaml("{}", Keys::settable).empty());
}

TEST_CASE("what was written reads as what was sent, and is written the same way again") {
  const TempFolder folder;
  REQUIRE(config::settings_json(folder.path(), "door") == "{}");
  const std::string yaml = canonical_yaml(kJson, Keys::settable);
  config::write_settings_file(folder.path(), "door", yaml);
  REQUIRE(config::settings_json(folder.path(), "door") == kJson);
  REQUIRE(canonical_yaml(config::settings_json(folder.path(), "door"), Keys::settable) == yaml);
}

TEST_CASE("hostile settings are refused before they are looked at") {
  REQUIRE(refusal("[1]") == "settings: is no object; accepted: an object");
  REQUIRE(refusal("{\"a\":") == "settings: no valid JSON; accepted: an object");
  REQUIRE(refusal("{\"a\":\"\xff\"}") == "settings: no valid JSON; accepted: an object");
  REQUIRE(refusal(R"({"zones":{"x":1,"x":2}})") == "x: stands here twice");
  REQUIRE(refusal("{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}") ==
          "settings: more than 64 levels");
  REQUIRE(refusal("{\"a\":\"" + std::string(2 << 20, 'x') + "\"}") == "settings: more than 1 MiB");
  REQUIRE(refusal(R"({"url":"rtsp://h/1"})") == "url: belongs in the main file: how a camera is reached");
  REQUIRE(refusal(R"({"url":"rtsp://h/1"})", Keys::all) == "accepted");
}

TEST_CASE("the file is written whole, replaced whole and gone when it is removed") {
  const TempFolder folder;
  config::remove_settings_file(folder.path(), "door");  // none there, no folder either
  config::write_settings_file(folder.path(), "door", "fps: 1\n");
  config::write_settings_file(folder.path(), "door", "fps: 2\n");
  REQUIRE(config::read_settings_file(folder.path(), "door") == "fps: 2\n");
  REQUIRE(config::settings_file(folder.path(), "door") == folder.path() + "/settings.d/door.yaml");
  REQUIRE(std::distance(fs::directory_iterator(folder.path() + "/settings.d"), {}) == 1);
  config::remove_settings_file(folder.path(), "door");
  REQUIRE_FALSE(config::read_settings_file(folder.path(), "door"));
  REQUIRE_THROWS_AS(config::write_settings_file("/proc/nowhere", "door", "x"), Error);
}

TEST_CASE("a draft stands for the file while it is checked, whether there is one or not") {
  const TempFolder folder;
  const std::string main = folder.path() + "/l.yaml", state = folder.path() + "/state";
  std::ofstream(main) << "cameras: {door: {url: sim://card, fps: 3}}\n";
  const auto fps = [&](const config::SettingsDraft* draft) {
    return config::load(main, fake_catalogue(), state, draft).config.cameras.at(0).source.fps;
  };
  const config::SettingsDraft five{"door", "fps: 5\n"}, none{"door", {}}, wrong{"door", "fsp: 5\n"};
  REQUIRE(fps(&five) == 5);
  REQUIRE_FALSE(fs::exists(state));
  config::write_settings_file(state, "door", "fps: 4\n");
  REQUIRE(fps(nullptr) == 4);
  REQUIRE(fps(&five) == 5);
  REQUIRE(fps(&none) == 3);
  try {
    fps(&wrong);
    FAIL("accepted");
  } catch (const config::ConfigError& error) {
    REQUIRE(error.lines().at(0) == state + "/settings.d/door.yaml:1:1: fsp: unknown key; did you mean 'fps'?");
  }
}

}  // namespace lynceus::test
