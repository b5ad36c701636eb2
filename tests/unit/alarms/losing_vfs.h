// A file system for SQLite that loses power: what was not synced is kept in parts, or not at all.
//
// A layer over the system's own: it hands everything on, remembers what each file is sure to hold and which writes came
// since the last sync. Power goes after so many operations: from then on every call fails. Thread: any.
//
//   LosingVfs vfs(200);                          // power goes with the 200th write or sync
//   settings.vfs = vfs.name(); …                 // work until it fails
//   vfs.restore(folder, random);                 // what the disk holds afterwards, somewhere else
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace lynceus::test {

class LosingVfs {
 public:
  /// `lies`: syncs do nothing, as on a disk that says yes and means no.
  explicit LosingVfs(long operations, bool lies = false);
  ~LosingVfs();
  LosingVfs(const LosingVfs&) = delete;
  LosingVfs& operator=(const LosingVfs&) = delete;

  const char* name() const { return name_.c_str(); }
  bool power() const;
  /// A full disk for as long as it is told: writes fail, nothing is lost.
  void refuse(bool on) { refuse_ = on; }
  /// Power goes now; writes the files as they would be found.
  void restore(const std::string& folder, std::mt19937& random);

  // For the layer.
  bool write(const std::string& path, const void* data, int size, sqlite3_int64 at);
  bool truncate(const std::string& path, sqlite3_int64 size);
  bool sync(const std::string& path);
  bool remove(const std::string& path);
  sqlite3_vfs& below() { return *below_; }

 private:
  struct Operation {
    bool truncate = false;
    std::size_t at = 0;
    std::string data;
  };
  struct File {
    bool named = false;  ///< its name is on the disk, too
    std::string sure;
    std::vector<Operation> since;
  };
  bool spend();
  static void apply(std::string& bytes, const Operation& operation, std::mt19937* random);

  std::string name_;
  sqlite3_vfs* below_;
  sqlite3_vfs vfs_{};
  const bool lies_;
  std::atomic<bool> refuse_{false};
  mutable std::mutex mutex_;
  long left_;                          // guarded by mutex_
  std::map<std::string, File> files_;  // guarded by mutex_
};

}  // namespace lynceus::test
