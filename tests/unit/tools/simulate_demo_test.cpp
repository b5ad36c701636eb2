#include <filesystem>
#include <fstream>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tools/demo/demo_set.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {
namespace {

TEST_CASE("every camera of the demo is one the simulator takes") {
  std::set<std::string> plugins;
  for (const auto& camera : demo_cameras()) {
    const auto spec = parse_camera(camera.id + "=" + camera.spec);
    REQUIRE(spec.fps >= 5);
    REQUIRE(spec.fps <= 10);
    plugins.insert(camera.plugin);
  }
  REQUIRE(plugins == std::set<std::string>{"pipes", "people", "targets", "context", "scene", "health"});
}

TEST_CASE("analyzers are written for the plugins that are there") {
  const test::TempFolder folder;
  std::filesystem::create_directories(folder / "plugins");
  for (const auto* name : {"lynceus_pipes.so", "lynceus_health.so", "other.so", "lynceus_.so", "lynceus_people.txt"})
    std::ofstream(folder / ("plugins/" + std::string(name))) << "";
  const auto found = plugins_in(folder / "plugins");
  REQUIRE(found == std::set<std::string>{"pipes", "health"});
  REQUIRE(plugin_folder(folder / "bin") == folder / "plugins");
  const auto yaml = demo_yaml({0,
                               "/state",
                               "/plugins",
                               "",
                               "",
                               {{"boiler", "rtsp://127.0.0.1:1/boiler"}, {"lobby", "rtsp://127.0.0.1:2/lobby"}},
                               found});
  REQUIRE(yaml.find("      pipes: {") != std::string::npos);
  REQUIRE(yaml.find("people") == std::string::npos);
  REQUIRE(yaml.find("kind: thermal") != std::string::npos);
  REQUIRE(yaml.find("rtsp://127.0.0.1:2/lobby") != std::string::npos);
  REQUIRE(yaml.find("carpark") == std::string::npos);
}

}  // namespace
}  // namespace lynceus::tools
