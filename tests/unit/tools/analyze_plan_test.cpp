#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "tests/support/catch.h"
#include "tools/analyze/plan.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

/// A folder with three files called pictures; gone with the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("lynceus-plan-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
    for (const char* name : {"1.png", "2.png", "10.png"}) std::ofstream(path_ / name) << "x";
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  const fs::path path_;
};

std::vector<Job> plan(const std::vector<std::string>& inputs, Relation relation = Relation::by_kind,
                      bool sequence = false) {
  return plan_jobs(inputs, relation, sequence);
}

TEST_CASE("files, also from a glob, are unrelated pictures") {
  const Folder folder;
  CHECK(plan({folder / "1.png", folder / "2.png"}).size() == 2);
  const auto jobs = plan({folder / "*.png"});
  REQUIRE(jobs.size() == 3);
  CHECK(jobs[0].still);
  CHECK(expected_pictures(jobs) == 3);
}

TEST_CASE("a folder is what the plugin says, unless told otherwise") {
  const Folder folder;
  CHECK(plan({folder.path()})[0].still);
  CHECK_FALSE(plan({folder.path()}, Relation::by_kind, true)[0].still);
  CHECK(plan({folder.path()}, Relation::stills, true)[0].still);
  CHECK_FALSE(plan({folder.path()}, Relation::sequence)[0].still);
}

TEST_CASE("with --sequence files one after another are one sequence") {
  const Folder folder;
  const auto jobs = plan({folder / "1.png", folder / "2.png", folder.path(), folder / "10.png"}, Relation::sequence);
  REQUIRE(jobs.size() == 3);
  CHECK(jobs[0].inputs.size() == 2);
  CHECK(jobs[2].inputs.size() == 1);
}

TEST_CASE("a glob that matches nothing cannot be read") {
  const Folder folder;
  try {
    plan({folder / "*.jpg"});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.exit() == Exit::unreadable);
  }
}

}  // namespace
}  // namespace lynceus::tools
