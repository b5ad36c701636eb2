#include "tests/unit/config/bad_rows.h"

#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    const std::string prefix = "t.yaml:";
    REQUIRE(line.substr(0, prefix.size()) == prefix);
    out += (out.empty() ? "" : "\n") + line.substr(prefix.size());
  }
  return out;
}

}  // namespace

void check_rows(const std::vector<BadRow>& rows) {
  for (const BadRow& row : rows) {
    INFO(row.name << "\n" << row.yaml);
    try {
      load_fake(row.yaml);
      FAIL("accepted");
    } catch (const config::ConfigError& error) {
      CHECK(joined(error.lines()) == row.problems);
      CHECK(error.what() == "config: " + error.lines().at(0));
      CHECK(error.exit() == Exit::bad_config);
    }
  }
}

}  // namespace lynceus::test
