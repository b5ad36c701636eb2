#include "daemon/store/sqlite_state.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "daemon/store/directory.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::SqliteState;
using Bytes = std::vector<std::byte>;

namespace {

Bytes bytes(std::size_t count, int value) { return Bytes(count, static_cast<std::byte>(value)); }

SqliteState::Settings at(const TempFolder& folder) {
  SqliteState::Settings settings;
  settings.file = folder.path() + "/state.db";
  settings.gather = 1ms;
  return settings;
}

}  // namespace

TEST_CASE("a blob is read back at once, after a flush and after a restart") {
  TempFolder folder;
  {
    SqliteState state(at(folder), system_clock());
    CHECK_FALSE(state.read("lobby", "teller", "starts"));
    CHECK(state.write("lobby", "teller", "starts", bytes(8, 1)));
    CHECK(*state.read("lobby", "teller", "starts") == bytes(8, 1));
    CHECK(state.flush(5s));
    CHECK(*state.read("lobby", "teller", "starts") == bytes(8, 1));
    CHECK(state.write("lobby", "teller", "starts", bytes(4, 2)));
    CHECK(state.write("lobby", "teller", "empty", {}));
  }
  SqliteState again(at(folder), system_clock());
  CHECK(*again.read("lobby", "teller", "starts") == bytes(4, 2));
  CHECK(again.read("lobby", "teller", "empty")->empty());
  CHECK_FALSE(again.read("lobby", "other", "starts"));
  CHECK_FALSE(again.read("yard", "teller", "starts"));
  CHECK(again.errors() == 0);
  CHECK(again.bytes() > 0);
}

TEST_CASE("a camera has its share and no more, restarts included") {
  TempFolder folder;
  auto settings = at(folder);
  settings.bytes_per_camera = 100;
  {
    SqliteState state(settings, system_clock());
    CHECK(state.write("lobby", "a", "x", bytes(60, 1)));
    CHECK_FALSE(state.write("lobby", "b", "y", bytes(60, 1)));
    CHECK(state.write("yard", "b", "y", bytes(60, 1)));
    CHECK(state.write("lobby", "a", "x", bytes(100, 2)));
    CHECK_FALSE(state.read("lobby", "b", "y"));
  }
  SqliteState again(settings, system_clock());
  CHECK_FALSE(again.write("lobby", "b", "y", bytes(1, 1)));
  CHECK(again.write("lobby", "a", "x", bytes(10, 1)));
  CHECK(again.write("lobby", "b", "y", bytes(90, 1)));
}

TEST_CASE("a camera has so many names and no more") {
  TempFolder folder;
  auto settings = at(folder);
  settings.names_per_camera = 2;
  SqliteState state(settings, system_clock());
  CHECK(state.write("lobby", "a", "1", {}));
  CHECK(state.write("lobby", "a", "2", {}));
  CHECK_FALSE(state.write("lobby", "a", "3", {}));
  CHECK_FALSE(state.write("yard", "a", std::string(1000, 'n'), {}));
}

TEST_CASE("a file that is no database, or damaged, is refused with what to do") {
  TempFolder folder;
  const auto settings = at(folder);
  std::ofstream(settings.file) << std::string(8192, 'x');
  try {
    SqliteState state(settings, system_clock());
    FAIL("was opened");
  } catch (const Error& e) {
    CHECK(e.exit() == Exit::fatal);
    const std::string what = e.what();
    CHECK(what.find(settings.file) != std::string::npos);
    CHECK(what.find("the database is damaged") != std::string::npos);
    CHECK(what.find("move it away to start empty") != std::string::npos);
  }
  CHECK(std::filesystem::file_size(settings.file) == 8192);  // untouched
}

TEST_CASE("a database of a newer version is refused") {
  TempFolder folder;
  const auto settings = at(folder);
  { SqliteState state(settings, system_clock()); }
  {
    daemon::Database db(settings.file, daemon::Database::Mode::read_write);
    db.run("INSERT INTO migrations VALUES (999, 'later')");
  }
  REQUIRE_THROWS_AS(SqliteState(settings, system_clock()), Error);
}

TEST_CASE("one daemon at a time keeps its state in a folder") {
  TempFolder folder;
  const std::string path = folder.path() + "/deep/state";
  {
    daemon::StorageDirectory first(path);
    CHECK(first.path() == path);
    REQUIRE_THROWS_AS(daemon::StorageDirectory(path), Error);
  }
  daemon::StorageDirectory again(path);
}
