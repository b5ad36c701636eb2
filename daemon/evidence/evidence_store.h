// The folder of evidence: ALARM.jpg and ALARM.mp4, bounded by bytes, by age and by what the disk has left.
//
// Alarms that share a picture or a clip share the file (hard links). A file is written as NAME.part and renamed when
// whole; a clip's .part that a crash left behind is cut to its last whole fragment and taken in at the start. The
// oldest goes first when a bound is reached; some of the disk is always left to others, since alarms are written there
// too. Files are readable by the daemon's user alone (0600, folder 0700). Owner: Evidence. Thread: snapshot(), clip()
// and the byte counts any; the rest one.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"
#include "daemon/evidence/evidence_files.h"

namespace lynceus::daemon {

class EvidenceStore final : public EvidenceFiles {
 public:
  enum class Kind { snapshot, clip };
  struct Settings {
    std::string directory;
    std::int64_t max_bytes = std::int64_t{1} << 30;
    std::chrono::seconds max_age = std::chrono::hours{24 * 30};
    std::uint64_t least_free = std::uint64_t{64} << 20;  ///< of the disk; at most 5 % of it
  };
  /// Hears whose files went. Called by whatever makes room.
  using Gone = std::function<void(const std::vector<std::string>& ids, Kind kind)>;

  /// Makes the folder and takes in what is there. Throws std::runtime_error when that cannot be.
  EvidenceStore(Settings settings, Clock& clock, Gone gone);
  ~EvidenceStore() override;

  std::optional<EvidenceFile> snapshot(const std::string& alarm) const override;
  std::optional<EvidenceFile> clip(const std::string& alarm) const override;
  std::int64_t bytes(Kind kind) const { return bytes_[static_cast<std::size_t>(kind)]; }
  /// Alarms whose clips a crash had left unfinished.
  const std::vector<std::string>& adopted() const { return adopted_; }

  /// False: no evidence can be written now.
  bool room();
  /// Removes what is too old or too much. True when the disk, not a setting, made something go.
  bool tidy();

  bool put(const std::string& alarm, std::span<const std::byte> jpeg);
  /// `other` has the file of `alarm` too.
  bool share(const std::string& alarm, const std::string& other, Kind kind);

  /// A file being written, counted as it grows; without finish() it goes.
  class Growing {
   public:
    Growing(EvidenceStore& store, std::string alarm, int fd);
    ~Growing();
    Growing(const Growing&) = delete;
    Growing& operator=(const Growing&) = delete;
    /// False when it cannot be written, or would alone be more than all evidence may take.
    bool append(std::span<const std::uint8_t> bytes);
    /// Before finish().
    bool overwrite(std::size_t at, std::span<const std::uint8_t> bytes);
    bool share(const std::string& other);
    /// Those whose file it is now.
    std::vector<std::string> finish();

   private:
    friend class EvidenceStore;
    EvidenceStore& store_;
    std::vector<std::string> alarms_;
    void count(std::int64_t bytes);

    const Fd file_;
    std::int64_t counted_ = 0;
    bool finished_ = false;
  };
  /// Null when it cannot be made.
  std::unique_ptr<Growing> grow_clip(const std::string& alarm);

 private:
  struct File {
    Kind kind = Kind::snapshot;
    std::int64_t bytes = 0;
    std::vector<std::string> alarms;
  };
  using Key = std::pair<std::int64_t, std::uint64_t>;  ///< time of change, inode

  std::string path(const std::string& alarm, Kind kind) const;
  void scan();
  void adopt(const std::string& part);
  void note(const std::string& alarm, Kind kind);
  bool remove_oldest();
  std::optional<std::uint64_t> disk_short_of() const;
  bool write_all(int fd, std::span<const std::uint8_t> bytes);

  const Settings settings_;
  Clock& clock_;
  const Gone gone_;
  std::map<Key, File> files_;
  std::atomic<std::int64_t> bytes_[2] = {};
  std::vector<std::string> adopted_;
};

}  // namespace lynceus::daemon
