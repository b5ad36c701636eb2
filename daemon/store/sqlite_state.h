// Blobs of the plugins in SQLite (state.db), 16 MiB a camera: read when asked, written behind by one thread.
//
// A write lands in memory at once and is what the next read sees; the thread writes what has gathered in one
// transaction, at most once a second, the newest of each name only. A failing disk keeps the blobs in memory and is
// tried again. Owner: app. Thread: any.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/store/sqlite.h"
#include "pipeline/host/analyzer_slot.h"

namespace lynceus::daemon {

class SqliteState final : public host::StateStore {
 public:
  struct Settings {
    std::string file;
    const char* vfs = nullptr;
    std::size_t bytes_per_camera = std::size_t{16} << 20;
    std::size_t names_per_camera = 1024;
    std::chrono::milliseconds gather{1000};  ///< least time between two transactions
    std::chrono::milliseconds retry{5000};   ///< after a failed one
  };

  /// Throws Error (Exit::fatal) for a file that is damaged, newer, or cannot be opened.
  SqliteState(Settings settings, Clock& clock);
  ~SqliteState() override;  ///< writes what is owed, joins

  std::optional<std::vector<std::byte>> read(const std::string& camera, const std::string& plugin,
                                             const std::string& name) override;
  bool write(const std::string& camera, const std::string& plugin, const std::string& name,
             std::vector<std::byte> blob) override;

  /// Writes what is owed now; false when it could not within the time.
  bool flush(std::chrono::milliseconds within);

  /// The thread is neither dead nor inside one transaction for longer than this.
  bool alive(std::chrono::milliseconds patience) const;
  std::uint64_t errors() const { return errors_.load(); }
  std::uint64_t bytes() const;  ///< of the file and its log

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  ///< camera, plugin, name
  using Blob = std::shared_ptr<const std::vector<std::byte>>;
  struct Usage {
    std::size_t bytes = 0, names = 0;
  };

  void open();
  void load_sizes();
  void run(std::stop_token stop);
  bool write_batch(const std::map<Key, Blob>& batch);
  std::optional<std::vector<std::byte>> read_stored(const Key& key);

  const Settings settings_;
  Clock& clock_;
  std::unique_ptr<Database> db_;  // the writer thread's, once it runs
  std::mutex reader_mutex_;
  std::unique_ptr<Database> reader_;  // guarded by reader_mutex_
  std::atomic<std::uint64_t> errors_{0};
  std::atomic<std::int64_t> writing_since_ns_{0};  ///< 0: not in a transaction
  log::Limiter limiter_{10};                       // the writer thread's

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<Key, std::size_t> sizes_;      // guarded by mutex_
  std::map<std::string, Usage> usage_;    // guarded by mutex_
  std::map<Key, Blob> owed_, in_flight_;  // guarded by mutex_
  bool flush_ = false;                    // guarded by mutex_
  std::jthread thread_;
};

}  // namespace lynceus::daemon
