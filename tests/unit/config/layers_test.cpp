#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "lynceus-config-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }

 private:
  fs::path path_;
};

TEST_CASE("a camera overrides what cameras share key by key") {
  const auto config = load_fake(R"(
defaults:
  fps: 5
  transport: tcp
  masks: {motion: [[[0, 0], [1, 0], [1, 1]]]}
  analyzers: {people: {confidence: 0.7, scale: {low: 1}}, health: {frozen_after: 5s}}
  zones: {shared: {polygon: [[0, 0], [1, 0], [1, 1]]}}
cameras:
  a:
    url: sim://card
    fps: 10
    masks: {privacy: [[[0, 0], [1, 0], [1, 1]]]}
    analyzers: {people: {scale.low: 2}, health: false}
    zones: {own: {polygon: [[0, 0], [1, 0], [1, 1]]}}
  b: {url: sim://card}
)")
                          .config;
  const auto& a = config.cameras[0];
  REQUIRE(a.source.fps == 10);
  REQUIRE(a.source.transport == ingest::Transport::tcp);
  REQUIRE(a.motion_masks.size() == 1);
  REQUIRE(a.privacy_masks.size() == 1);
  REQUIRE(a.analyzers.size() == 1);
  REQUIRE(a.analyzers[0].options.number("confidence") == 0.7);
  REQUIRE(a.analyzers[0].options.number("scale.low") == 2);
  REQUIRE(a.analyzers[0].zones.size() == 1);
  REQUIRE(a.analyzers[0].zones[0].name == "own");
  const auto& b = config.cameras[1];
  REQUIRE(b.source.fps == 5);
  REQUIRE(b.analyzers.size() == 2);
  REQUIRE(b.analyzers[0].zones[0].name == "shared");
}

TEST_CASE("of two keys that exclude each other the upper layer's holds") {
  const auto config = load_fake(
                          "defaults: {url: sim://card}\n"
                          "cameras: {a: {streams: {detect: \"rtsp://h/1\", evidence: \"rtsp://h/2\"}}, b: {}}\n")
                          .config;
  REQUIRE(config.cameras[0].source.detect == "rtsp://h/1");
  REQUIRE(config.cameras[1].source.detect == "sim://card");
}

TEST_CASE("settings files come on top") {
  const Folder folder;
  const std::string file = folder.write("l.yaml",
                                        "storage: {directory: state}\n"
                                        "cameras: {a: {url: sim://card, fps: 3, name: A}, b: {url: sim://card}}\n");
  folder.write("state/settings.d/a.yaml", "name: Door\nzones: {z: {polygon: [[0, 0], [1, 0], [1, 1]]}}\n");
  folder.write("state/settings.d/gone.yaml", "enabled: false\n");
  folder.write("state/settings.d/.a.yaml.tmp", "no settings");
  const auto result = config::load(file, fake_catalogue());
  REQUIRE(result.config.cameras[0].name == "Door");
  REQUIRE(result.config.cameras[0].source.fps == 3);
  REQUIRE(result.config.cameras[0].analyzers[0].zones.size() == 1);
  REQUIRE(result.config.cameras[1].name == "b");
  REQUIRE(result.warnings.size() == 1);
  REQUIRE(result.warnings[0].find("there is no camera 'gone'") != std::string::npos);
}

TEST_CASE("settings files are checked alike and read no secrets") {
  const Folder folder;
  const std::string file = folder.write("l.yaml", "storage: {directory: state}\ncameras: {a: {url: sim://card}}\n");
  const std::string settings = folder.write("state/settings.d/a.yaml", "fsp: 3\nname: ${env:HOME}\n");
  try {
    config::load(file, fake_catalogue());
    FAIL("accepted");
  } catch (const config::ConfigError& error) {
    REQUIRE(error.lines().size() == 2);
    CHECK(error.lines()[0] == settings + ":1:1: fsp: unknown key; did you mean 'fps'?");
    CHECK(error.lines()[1] == settings + ":2:7: name: '${env:HOME}': substitutions belong in the main file");
  }
}

TEST_CASE("files that cannot be read") {
  const Folder folder;
  const auto message = [](const std::string& file) {
    try {
      config::load(file, fake_catalogue());
      return std::string("accepted");
    } catch (const config::ConfigError& error) {
      return std::string(error.what());
    }
  };
  CHECK(message("/no/such.yaml") == "config: /no/such.yaml: cannot be read: No such file or directory");
  CHECK(message("/tmp") == "config: /tmp: cannot be read: it is a folder");
  const std::string large = folder.write("large.yaml", std::string((1 << 20) + 1, '#'));
  CHECK(message(large) == "config: " + large + ": more than 1048576 bytes");
}

TEST_CASE("the floor from a calibration file") {
  const Folder folder;
  const std::string file = folder.write("l.yaml", "cameras: {a: {url: sim://card, ground: {calibration: c.json}}}\n");
  folder.write("c.json", R"({"width": 640, "height": 480, "K": [[500, 0, 320], [0, 500, 240], [0, 0, 1]],
                             "dist": [0, 0, 0, 0, 0], "rvec": [1.5707963267948966, 0, 0], "t_m": [0, 1, 5]})");
  const auto calibration = config::load(file, fake_catalogue()).config.cameras.at(0).ground->calibration;
  REQUIRE(calibration->size.width == 640);
  REQUIRE(calibration->k(0, 2) == 320);
  REQUIRE(calibration->r(2, 1) == Approx(1));
  REQUIRE(calibration->t_m[2] == 5);

  const auto refused = [&](const std::string& json) {
    folder.write("c.json", json);
    try {
      config::load(file, fake_catalogue());
      return std::string("accepted");
    } catch (const config::ConfigError& error) {
      const std::string text = error.what();
      return text.substr(text.find("c.json'") + 9);
    }
  };
  CHECK(refused("[1]") == "no JSON object");
  CHECK(refused("{") == "no JSON object");
  CHECK(refused(R"({"widht": 1})") == "unknown key 'widht'; did you mean 'width'?");
  CHECK(refused(R"({"width": 640})") == "the key 'height' is missing");
  CHECK(refused(R"({"width": 640, "height": 480, "K": [1, 2]})") == "K: 2 numbers; accepted: 9");
  CHECK(
      refused(R"({"width": 640, "height": 480, "K": [5,0,3,0,5,2,0,0,1], "R": [1,0,0,0,1,0,0,0,2], "t_m": [0,0,0]})") ==
      "R: no rotation");
}

}  // namespace
}  // namespace lynceus::test
