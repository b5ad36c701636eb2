#include "tools/backup/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr int kPatienceMs = 10'000;

struct CloseDatabase {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
struct CloseBlob {
  void operator()(sqlite3_blob* blob) const { sqlite3_blob_close(blob); }
};
struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};
using DatabasePtr = std::unique_ptr<sqlite3, CloseDatabase>;
using StatementPtr = std::unique_ptr<sqlite3_stmt, Finalize>;
using BlobPtr = std::unique_ptr<sqlite3_blob, CloseBlob>;

[[noreturn]] void fail(const std::string& where, const std::string& why) {
  throw Error(Exit::fatal, "backup", where, why);
}

sqlite3* open(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_busy_timeout(handle, kPatienceMs);
    return handle;
  }
  const std::string why = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  sqlite3_close(handle);
  fail(path, why);
}

void check(sqlite3* db, int code, const std::string& where) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) fail(where, sqlite3_errmsg(db));
}

void run(sqlite3* db, const char* sql, const std::string& where) {
  check(db, sqlite3_exec(db, sql, nullptr, nullptr, nullptr), where);
}

StatementPtr prepare(sqlite3* db, const char* sql, const std::string& where) {
  sqlite3_stmt* statement = nullptr;
  check(db, sqlite3_prepare_v2(db, sql, -1, &statement, nullptr), where);
  return StatementPtr(statement);
}

BlobPtr open_blob(sqlite3* db, sqlite3_int64 row, bool write, const std::string& where) {
  sqlite3_blob* blob = nullptr;
  check(db, sqlite3_blob_open(db, "main", "sqlar", "data", row, write ? 1 : 0, &blob), where);
  return BlobPtr(blob);
}

/// Below the folder, whatever the archive says.
bool safe(const std::string& name) {
  const fs::path path(name);
  return !name.empty() && path.is_relative() && std::find(path.begin(), path.end(), "..") == path.end();
}

void sync(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

void write_out(sqlite3* db, sqlite3_int64 row, const Member& member, const fs::path& to) {
  fs::create_directories(to.parent_path());
  std::ofstream out(to, std::ios::binary);
  fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
  const BlobPtr blob = open_blob(db, row, false, member.name);
  std::string piece;
  for (std::int64_t at = 0; at < member.bytes; at += std::ssize(piece)) {
    piece.resize(static_cast<std::size_t>(std::min<std::int64_t>(kPiece, member.bytes - at)));
    check(db, sqlite3_blob_read(blob.get(), piece.data(), static_cast<int>(piece.size()), static_cast<int>(at)),
          member.name);
    out.write(piece.data(), std::ssize(piece));
  }
  out.close();
  if (!out) fail(to.string(), "cannot be written");
}

}  // namespace

void copy_database(const std::string& from, const std::string& to) {
  const DatabasePtr source(open(from, SQLITE_OPEN_READWRITE));  // a log left by a crash is taken in
  const DatabasePtr copy(open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  {
    const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
        sqlite3_backup_init(copy.get(), "main", source.get(), "main"));
    if (!backup) fail(from, sqlite3_errmsg(copy.get()));
    // In one step: whoever writes meanwhile goes on in the log, and the copy is of one moment.
    const int code = sqlite3_backup_step(backup.get(), -1);
    if (code != SQLITE_DONE) fail(from, sqlite3_errstr(code));
  }
  run(copy.get(), "PRAGMA journal_mode=DELETE", to);
  const StatementPtr verdict = prepare(copy.get(), "PRAGMA quick_check(1)", to);
  check(copy.get(), sqlite3_step(verdict.get()), to);
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(verdict.get(), 0));
  if (text == nullptr || std::string(text) != "ok") fail(from, "the database is damaged; nothing was written");
}

ArchiveWriter::ArchiveWriter(std::string file) : file_(std::move(file)), part_(file_ + ".part") {
  std::error_code ignored;
  fs::remove(part_, ignored);
  const mode_t before = ::umask(0077);  // it holds what the state directory hides
  try {
    db_.reset(open(part_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    run(db_.get(), "PRAGMA journal_mode=OFF", part_);
    run(db_.get(), "CREATE TABLE sqlar (name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB)", part_);
  } catch (...) {
    ::umask(before);
    throw;
  }
  ::umask(before);
}

ArchiveWriter::~ArchiveWriter() {
  db_.reset();
  std::error_code ignored;
  fs::remove(part_, ignored);
}

void ArchiveWriter::add(const std::string& name, const std::string& path) {
  const auto bytes = static_cast<std::int64_t>(fs::file_size(path));
  if (bytes > sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, -1)) fail(path, "too large for an archive");
  const StatementPtr row = prepare(
      db_.get(), "INSERT INTO sqlar VALUES (?, 33152, strftime('%s', 'now'), ?, zeroblob(?))", part_);  // 0100600
  sqlite3_bind_text(row.get(), 1, name.c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(row.get(), 2, bytes);
  sqlite3_bind_int64(row.get(), 3, bytes);
  check(db_.get(), sqlite3_step(row.get()), part_);
  const BlobPtr blob = open_blob(db_.get(), sqlite3_last_insert_rowid(db_.get()), true, part_);
  std::ifstream in(path, std::ios::binary);
  std::string piece(kPiece, '\0');
  for (std::int64_t at = 0; at < bytes; at += in.gcount()) {
    in.read(piece.data(), std::min<std::int64_t>(kPiece, bytes - at));
    if (in.gcount() <= 0) fail(path, "became shorter");
    check(db_.get(), sqlite3_blob_write(blob.get(), piece.data(), static_cast<int>(in.gcount()), static_cast<int>(at)),
          part_);
  }
  members_.push_back({name, bytes});
}

void ArchiveWriter::finish() {
  if (sqlite3_close(db_.release()) != SQLITE_OK) fail(part_, "cannot be written");
  sync(part_);
  std::error_code error;
  fs::rename(part_, file_, error);
  if (error) fail(file_, error.message());
  const fs::path folder = fs::absolute(file_).parent_path();
  sync(folder.string());
}

std::vector<Member> unpack(const std::string& file, const std::string& folder) {
  const DatabasePtr db(open(file, SQLITE_OPEN_READONLY));
  const StatementPtr rows = prepare(db.get(), "SELECT rowid, name, sz, length(data) FROM sqlar ORDER BY name", file);
  std::vector<Member> members;
  while (sqlite3_step(rows.get()) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(rows.get(), 1));
    Member member{text != nullptr ? text : "", sqlite3_column_int64(rows.get(), 2)};
    if (!safe(member.name)) fail(file, "no backup: a member is called '" + member.name + "'");
    if (sqlite3_column_int64(rows.get(), 3) != member.bytes) fail(file, member.name + " is packed: not one of ours");
    write_out(db.get(), sqlite3_column_int64(rows.get(), 0), member, fs::path(folder) / member.name);
    members.push_back(std::move(member));
  }
  if (members.empty()) fail(file, "nothing is in it");
  return members;
}

}  // namespace lynceus::tools
