#include "base/error.h"
#include "tests/support/catch.h"
#include "tools/command/arguments.h"
#include "tools/command/progress.h"

namespace lynceus::tools {
namespace {

const Usage kUsage{
    "look",           "INPUT…", "Looks.", {{"--set", "K=V", "set"}, {"--n", "N", "number"}, {"--json", "", "JSON"}},
    "lynceus look x", 1,        2};

Arguments parse(const std::vector<std::string>& given) { return {kUsage, given}; }

std::string complaint(const std::vector<std::string>& given) {
  try {
    parse(given).number("--n", 1, 0, 10);
  } catch (const Error& error) {
    CHECK(error.exit() == Exit::usage);
    return error.what();
  }
  return {};
}

TEST_CASE("options may stand anywhere and repeat; -- ends them") {
  const Arguments args = parse({"--set", "a=1", "x", "--set=b=2", "--json", "--", "--n"});
  CHECK(args.all("--set") == std::vector<std::string>{"a=1", "b=2"});
  CHECK(args.has("--json"));
  CHECK(args.rest() == std::vector<std::string>{"x", "--n"});
  CHECK(args.number("--n", 7, 0, 10) == 7);
}

TEST_CASE("wrong usage is told in one line") {
  CHECK(complaint({"x", "--nope"}) == "look: --nope: unknown option; known: --set, --n, --json, --help");
  CHECK(complaint({"x", "--set"}) == "look: --set: needs a value (K=V)");
  CHECK(complaint({"x", "--json=1"}) == "look: --json: takes no value");
  CHECK(complaint({"x", "--n", "11"}) == "look: --n: '11'; a number from 0 to 10");
  CHECK(complaint({"x", "--n", "nan"}) == "look: --n: 'nan'; a number from 0 to 10");
  CHECK(complaint({}) == "look: INPUT…: missing; lynceus look --help");
  CHECK(complaint({"a", "b", "c"}) == "look: c: one argument too many");
}

TEST_CASE("the help names every option and the example") {
  const std::string help = explain(kUsage);
  for (const char* part : {"lynceus look", "--set K=V", "--json", "Example:", "lynceus look x"}) {
    CHECK(help.find(part) != std::string::npos);
  }
}

TEST_CASE("progress tells frames, rate and the time left where it is known") {
  CHECK(progress_text(50, 200, 10) == "50 frames, 5.0 fps, 0:30 left");
  CHECK(progress_text(50, 0, 10) == "50 frames, 5.0 fps");
  CHECK(progress_text(0, 10, 0) == "0 frames, 0.0 fps");
}

}  // namespace
}  // namespace lynceus::tools
