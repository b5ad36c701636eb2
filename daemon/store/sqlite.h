// SQLite behind RAII: a connection, a prepared statement, a transaction that rolls back unless committed.
//
// Errors are DatabaseError. `vfs` is the seam where tests put a file system that fails. Thread: bound to its owner.
//
//   Statement insert(db, "INSERT INTO blob VALUES (?,?)");
//   insert.bind(1, name).bind(2, bytes).run();
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lynceus::daemon {

class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }
  bool damaged() const { return code_ == SQLITE_CORRUPT || code_ == SQLITE_NOTADB; }
  /// what(), and what to do where that helps.
  std::string advice() const;

 private:
  int code_;
};

/// Of a database with its log; 0: none.
std::uint64_t bytes_on_disk(const std::string& file);

class Database {
 public:
  enum class Mode { read_write, read_only };
  Database(const std::string& path, Mode mode, const char* vfs = nullptr);

  void run(const std::string& sql);
  /// "ok", or the first line of what PRAGMA quick_check finds.
  std::string quick_check();
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

class Statement {
 public:
  Statement(Database& db, const std::string& sql);

  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::int64_t number);
  /// The bytes must stay until the statement was run.
  Statement& bind(int index, std::span<const std::byte> blob);

  bool step();  ///< true: a row
  void run();   ///< to the end, then ready for the next
  void reset();

  std::string text(int column) const;
  std::int64_t number(int column) const;
  bool null(int column) const;
  std::vector<std::byte> blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void check(int code) const;

  Database& db_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Transaction {
 public:
  explicit Transaction(Database& db) : db_(db) { db_.run("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& db_;
  bool done_ = false;
};

}  // namespace lynceus::daemon
