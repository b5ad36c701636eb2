// Files of the repository that come out of the tables, or must agree with them.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

std::string source(const std::string& below) {
  const char* root = std::getenv("LYNCEUS_SOURCE_DIR");
  return (root != nullptr ? std::string(root) : std::string(".")) + "/" + below;
}

std::string content(const std::string& below) {
  std::ifstream in(source(below), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::string> values(const config::LoadResult& result) {
  std::map<std::string, std::string> out;
  for (const config::Origin& o : result.origins) {
    if (o.value != "\"\"" && !o.value.empty()) out[o.key] = o.value;
  }
  return out;
}

TEST_CASE("the reference page is what check --reference prints") {
  CHECK(content("docs/ref/config.md") == config::reference({}));
}

TEST_CASE("the full example is what check --example prints, and says the defaults") {
  const std::string text = content("config/examples/full.yaml");
  CHECK(text == config::full_example());
  const std::string camera = "cameras: {a: {url: sim://card}}\n";
  const auto full = load_fake(text + camera), minimal = load_fake(camera);
  CHECK(values(full) == values(minimal));
  CHECK(full.warnings.empty());
}

TEST_CASE("the other examples are right") {
  setenv("DOOR_PASSWORD", "secret-of-the-door", 1);
  const auto minimal = config::load(source("config/examples/minimal.yaml"), fake_catalogue());
  unsetenv("DOOR_PASSWORD");
  CHECK(minimal.config.cameras.size() == 1);

  std::string office = content("config/examples/office.yaml");
  for (std::size_t at = office.find("${credential:"); at != std::string::npos; at = office.find("${credential:")) {
    office.replace(at, office.find('}', at) + 1 - at, "secret");
  }
  // The table of the real health plugin is not here.
  for (const std::string line : {"        moved: false\n"}) office.erase(office.find(line), line.size());
  const auto loaded = load_fake(office);
  CHECK(loaded.config.cameras.size() == 4);
  CHECK(loaded.config.cameras[0].source.transport == ingest::Transport::tcp);
  CHECK(loaded.config.cameras[1].arm.size() == 3);
}

}  // namespace
}  // namespace lynceus::test
