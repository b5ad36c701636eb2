// All cameras of the daemon: started together, changed by a reload without touching those that stay the same.
//
// Owner: App. Thread: apply, stop one at a time (the control thread); the rest any.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "daemon/app/camera_unit.h"
#include "daemon/live/camera_status.h"
#include "daemon/live/live_board.h"
#include "daemon/live/pictures.h"
#include "daemon/metrics/metrics.h"

namespace lynceus::daemon {

class Fleet final : public CameraDirectory {
 public:
  struct Parts {
    CameraSurroundings around;
    LiveBoard& board;
    Pictures& pictures;
    Metrics& metrics;
  };
  struct Change {
    int kept = 0;       ///< nothing differs
    int changed = 0;    ///< goes on with its stream
    int restarted = 0;  ///< connects anew
    int added = 0, removed = 0;
  };

  explicit Fleet(Parts parts);
  ~Fleet() override;  ///< stops

  /// Throws Error and changes nothing when a camera cannot be made. `settled` is called once nothing can go wrong any
  /// more, when cameras that go have stopped and those that come have not started.
  Change apply(const std::vector<camera::CameraSettings>& wanted, const std::function<void()>& settled = nullptr);
  void stop();

  std::vector<CameraStatus> cameras() const override;
  std::optional<CameraStatus> camera(const std::string& id) const override;

  void network_changed();
  enum class Taken { done, no_camera, no_plugin, no_reference, not_streaming };
  /// The camera's next frame becomes the plugin's reference.
  Taken take_reference(const std::string& id, const std::string& plugin);
  void sample();  ///< once a second
  bool every_worker_stuck() const;
  int left_behind() const { return left_behind_.load(); }  ///< workers that hang in a plugin and were given up

 private:
  using UnitPtr = std::shared_ptr<CameraUnit>;
  using Units = std::vector<UnitPtr>;

  Units units() const;
  UnitPtr find(const std::string& id) const;
  /// What those that come go on with stays.
  void stop_all(const Units& units, const Units& coming);
  static UnitPtr with_id(const Units& units, const std::string& id);
  void enter(const CameraUnit& unit);
  void leave(const CameraUnit& unit);

  const Parts parts_;
  std::atomic<int> left_behind_{0};
  mutable std::shared_mutex mutex_;
  Units units_;  // guarded by mutex_; in the configuration's order
};

}  // namespace lynceus::daemon
