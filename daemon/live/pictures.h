// JPEGs of the newest frame, encoded when somebody looks and once for all who look: twenty viewers cost one encode.
//
// Runs on the HTTP side only, never on a camera's worker. A view of a plugin is asked for through the board and comes
// with the plugin's next report. Owner: app. Thread: any; a second caller for the same picture waits for the first.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/live/live_board.h"
#include "daemon/live/veil.h"

namespace lynceus::daemon {

struct Jpeg {
  std::vector<std::byte> bytes;
  std::uint64_t version = 0;  ///< of the snapshot it was made of
  WallTime captured{};
};
using JpegPtr = std::shared_ptr<const Jpeg>;

/// Where HTTP gets its pictures.
class PictureSource {
 public:
  virtual ~PictureSource() = default;
  /// The newest picture; null when there is none yet (ask again: asking makes the plugin draw it).
  virtual JpegPtr newest(const std::string& camera, const std::string& view) = 0;
};

class Pictures final : public PictureSource {
 public:
  /// Hears of each encode.
  using Observer = std::function<void(const std::string& camera, double seconds, double cpu_seconds)>;

  Pictures(LiveBoard& board, Clock& clock, Observer observer = nullptr);

  void add(const std::string& camera, Veil veil);
  void remove(const std::string& camera);
  JpegPtr newest(const std::string& camera, const std::string& view) override;
  std::uint64_t encodes() const { return encodes_.load(); }

 private:
  struct Slot {
    std::mutex mutex;
    JpegPtr jpeg;  // guarded by mutex
  };
  struct Album {
    Veil veil;
    std::map<std::string, std::shared_ptr<Slot>> slots;  ///< by view
  };
  struct Wanted {
    std::shared_ptr<Slot> slot;
    Veil veil;
  };

  Wanted slot_of(const std::string& camera, const std::string& view);
  JpegPtr encode(const std::string& camera, const cv::Mat& picture, std::uint64_t version, WallTime captured);

  LiveBoard& board_;
  Clock& clock_;
  const Observer observer_;
  std::atomic<std::uint64_t> encodes_{0};
  std::mutex mutex_;
  std::map<std::string, Album> albums_;  // guarded by mutex_
};

}  // namespace lynceus::daemon
