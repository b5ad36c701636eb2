// The backup's file: an SQLite archive (`sqlite3 FILE -A --list` reads it), each member one row of `sqlar`, not packed.
//
// Written to FILE.part and renamed once all of it is on the disk. Thread: bound to its owner.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lynceus::tools {

struct Member {
  std::string name;  ///< below the state directory, with slashes
  std::int64_t bytes = 0;
};

/// An online copy of a database in use, as of one moment. Throws Error (Exit::fatal).
void copy_database(const std::string& from, const std::string& to);

class ArchiveWriter {
 public:
  explicit ArchiveWriter(std::string file);
  ~ArchiveWriter();  ///< nothing stays of one that was not finished
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  void add(const std::string& name, const std::string& path);
  void finish();
  const std::vector<Member>& members() const { return members_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  const std::string file_, part_;
  std::unique_ptr<sqlite3, Close> db_;
  std::vector<Member> members_;
};

/// Writes the members below a folder that is empty or not there. Throws Error.
std::vector<Member> unpack(const std::string& file, const std::string& folder);

}  // namespace lynceus::tools
