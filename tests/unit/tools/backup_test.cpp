#include "tools/backup/backup.h"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tools/backup/archive.h"

using namespace lynceus;
using namespace lynceus::test;
namespace fs = std::filesystem;

namespace {

struct Db {
  explicit Db(const std::string& path) { REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK); }
  ~Db() { sqlite3_close(handle); }
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;
  void run(const char* sql) { REQUIRE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK); }
  int count() {
    sqlite3_stmt* row = nullptr;
    REQUIRE(sqlite3_prepare_v2(handle, "SELECT count(*) FROM t", -1, &row, nullptr) == SQLITE_OK);
    sqlite3_step(row);
    const int count = sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return count;
  }
  sqlite3* handle = nullptr;
};

Exit refused(const std::vector<std::string>& args) {
  try {
    tools::run_backup(args);
  } catch (const Error& e) {
    return e.exit();
  }
  return Exit::done;
}

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a backup of databases in use holds what was written, and comes back whole") {
  TempFolder folder;
  const std::string state = folder / "state", file = folder / "kept";
  fs::create_directories(state + "/settings.d");
  fs::create_directories(state + "/evidence");
  std::ofstream(state + "/settings.d/lobby.yaml") << "name: Lobby\n";
  std::ofstream(state + "/evidence/x.jpg") << "large";
  std::ofstream(state + "/lock") << "";
  Db db(state + "/alarms.db");
  db.run("PRAGMA journal_mode=WAL");
  db.run("CREATE TABLE t (x BLOB)");
  for (int i = 0; i < 300; ++i) db.run("INSERT INTO t VALUES (randomblob(8000))");
  db.run("BEGIN");
  db.run("INSERT INTO t VALUES (1)");  // a writer in the midst of something
  CHECK(tools::back_up(state, file).size() == 2);
  db.run("COMMIT");
  CHECK((fs::status(file).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);

  const std::string back = folder / "back";
  CHECK(tools::restore(file, back).size() == 2);
  CHECK(Db(back + "/alarms.db").count() == 300);
  CHECK(text_of(back + "/settings.d/lobby.yaml") == "name: Lobby\n");
  CHECK_FALSE(fs::exists(back + "/evidence"));
  CHECK_FALSE(fs::exists(back + "/lock"));
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(folder.path())) left.push_back(entry.path().filename().string());
  CHECK(left.size() == 3);  // nothing half done stays
  CHECK(refused({"--restore", "--state", back, file}) == Exit::usage);
}

TEST_CASE("a backup that cannot be made leaves the one of before") {
  TempFolder folder;
  const std::string state = folder / "state", file = folder / "kept";
  fs::create_directories(state);
  CHECK(refused({"--state", state, file}) == Exit::unreadable);
  CHECK(refused({"--state", folder / "none", file}) == Exit::unreadable);
  CHECK(refused({"--restore", "--state", folder / "new", file}) == Exit::unreadable);
  CHECK(refused({}) == Exit::usage);
  std::ofstream(file) << "the one of before";
  std::ofstream(state + "/alarms.db") << std::string(5000, 'x');
  CHECK(refused({"--state", state, file}) == Exit::fatal);
  CHECK(text_of(file) == "the one of before");
  CHECK(refused({"--restore", "--state", folder / "new", file}) == Exit::fatal);
}

TEST_CASE("an archive that wants to write elsewhere is refused") {
  TempFolder folder;
  for (const char* name : {"../evil", "/evil", "a/../../evil", ""}) {
    const std::string file = folder / "archive";
    fs::remove(file);
    {
      Db db(file);
      db.run("CREATE TABLE sqlar (name TEXT, mode INT, mtime INT, sz INT, data BLOB)");
      db.run(("INSERT INTO sqlar VALUES ('" + std::string(name) + "', 0, 0, 1, 'x')").c_str());
    }
    REQUIRE_THROWS_AS(tools::unpack(file, folder / "to"), Error);
  }
  CHECK_FALSE(fs::exists(folder / "evil"));
}
