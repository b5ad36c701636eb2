// What cameras say, handed on to everybody who listens, one after the other.
//
// A listener that throws is a bug of ours and costs its report, never the camera. Owner: App. Thread: any.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/camera/report.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::daemon {

class Reports final : public camera::ReportSink, public ingest::StateSink {
 public:
  using OnReport = std::function<void(const camera::FrameReport&)>;
  using OnState = std::function<void(const std::string& camera, ingest::TransportState state, const std::string& why)>;

  Reports(std::vector<OnReport> reports, std::vector<OnState> states)
      : reports_(std::move(reports)), states_(std::move(states)) {}

  void on_report(const camera::FrameReport& report) override;
  void on_state(const std::string& camera, ingest::TransportState state, const std::string& reason) override;

 private:
  const std::vector<OnReport> reports_;
  const std::vector<OnState> states_;
};

}  // namespace lynceus::daemon
