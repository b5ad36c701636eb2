// Cameras that exist on paper only.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/live/camera_status.h"
#include "daemon/live/live_board.h"
#include "tests/support/test_frame.h"

namespace lynceus::test {

class FakeCameras final : public daemon::CameraDirectory {
 public:
  std::vector<daemon::CameraStatus> list;

  std::vector<daemon::CameraStatus> cameras() const override { return list; }
  std::optional<daemon::CameraStatus> camera(const std::string& id) const override {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& c) { return c.id == id; });
    return found == list.end() ? std::nullopt : std::optional(*found);
  }
};

inline daemon::CameraStatus camera_status(const std::string& id) {
  daemon::CameraStatus status;
  status.id = id;
  status.name = "Camera " + id;
  status.url = "rtsp://***@host/stream";
  status.source.state = ingest::TransportState::streaming;
  status.source.width = 640;
  status.source.height = 480;
  status.source.codec = "H.264";
  status.counts.frames_received = 100;
  status.plugins = {"health"};
  status.views = {"raw", "overlay", "enhanced"};
  status.worker.frames_analyzed = 90;
  status.worker.dropped_mailbox = 7;
  status.worker.analyzers = {{"health", host::SlotState::running, 3, ""}};
  return status;
}

/// A report of one frame on which `plugin` said this.
inline camera::FrameReport report_of(const std::string& camera, std::uint64_t number, const std::string& plugin,
                                     sdk::Observations said) {
  camera::FrameReport report;
  report.camera = camera;
  report.frame = test_frame(number, MonoTime{}, cv::Mat(48, 64, CV_8UC1, cv::Scalar(90)));
  report.gate_seconds = 0.001;
  report.analyzers.push_back({plugin, std::make_shared<const sdk::Observations>(std::move(said)), 0.002});
  return report;
}

}  // namespace lynceus::test
