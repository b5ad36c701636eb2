#include "daemon/app/reports.h"

#include <exception>

#include "base/log.h"

namespace lynceus::daemon {

void Reports::on_report(const camera::FrameReport& report) {
  for (const OnReport& hear : reports_) {
    try {
      hear(report);
    } catch (const std::exception& e) {
      log::error("app", "a report is lost", {{"camera", report.camera}, {"why", e.what()}});
    }
  }
}

void Reports::on_state(const std::string& camera, ingest::TransportState state, const std::string& reason) {
  for (const OnState& hear : states_) {
    try {
      hear(camera, state, reason);
    } catch (const std::exception& e) {
      log::error("app", "a change of state is lost", {{"camera", camera}, {"why", e.what()}});
    }
  }
}

}  // namespace lynceus::daemon
