// The newest of everything: each camera's last analysed frame and what every plugin last said of that camera.
//
// Workers write (ReportSink), HTTP reads snapshots that never change once handed out, and asks for views; the workers
// hear of that through Demand, for as long as somebody asked within the last five seconds.
// Owner: app. Thread: any.
//
//   board.want("lobby", "enhanced");
//   if (const auto live = board.newest("lobby")) show(live->frame->bgr());
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "pipeline/camera/report.h"

namespace lynceus::daemon {

/// What a plugin said last, and of which frame.
struct PluginWord {
  std::string plugin;
  std::shared_ptr<const sdk::Observations> observations;
  double seconds = 0;
  std::uint64_t sequence = 0;  ///< of the frame it was said of
  WallTime at{};
  std::uint64_t version = 0;  ///< of the snapshot it came with
};

struct CameraSnapshot {
  std::uint64_t version = 0;  ///< grows with every report of any camera, over restarts too
  sdk::FramePtr frame;
  sdk::Light light = sdk::Light::day;
  bool motion = false;
  std::vector<PluginWord> plugins;
  std::string health;  ///< `state` of the health plugin's details; empty until it has spoken
};
using SnapshotPtr = std::shared_ptr<const CameraSnapshot>;

const char* name(sdk::Light light);

class LiveBoard final : public camera::ReportSink, public camera::Demand {
 public:
  explicit LiveBoard(Clock& clock) : clock_(clock) {}

  /// Reports of a camera that was not added are ignored: a worker left behind may speak late.
  void add(const std::string& camera);
  void remove(const std::string& camera);

  void on_report(const camera::FrameReport& report) override;
  std::vector<std::string> wanted(const std::string& camera) const override;

  /// Null: unknown camera, or no frame yet.
  SnapshotPtr newest(const std::string& camera) const;
  std::vector<std::string> names() const;  ///< of the cameras added
  void want(const std::string& camera, const std::string& view);

 private:
  struct Place {
    SnapshotPtr newest;
    std::map<std::string, MonoTime> wanted_until;  ///< by view
  };

  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Place, std::less<>> places_;  // guarded by mutex_
  std::uint64_t version_ = 0;                         // guarded by mutex_
};

}  // namespace lynceus::daemon
