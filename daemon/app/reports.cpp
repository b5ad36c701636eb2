#include "daemon/app/reports.h"

#include <exception>

#include "base/log.h"

namespace lynceus::daemon {

void Reports::on_report(const camera::FrameReport& report) {
  for (camera::ReportSink* sink : reports_) {
    try {
      sink->on_report(report);
    } catch (const std::exception& e) {
      log::error("app", "a report is lost", {{"camera", report.camera}, {"why", e.what()}});
    }
  }
}

void Reports::on_state(const std::string& camera, ingest::TransportState state, const std::string& reason) {
  for (ingest::StateSink* sink : states_) {
    try {
      sink->on_state(camera, state, reason);
    } catch (const std::exception& e) {
      log::error("app", "a change of state is lost", {{"camera", camera}, {"why", e.what()}});
    }
  }
}

}  // namespace lynceus::daemon
