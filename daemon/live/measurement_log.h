// What the plugins measured, for hours back: means over five seconds, in memory, bounded.
//
// For the page's curves and for a look back; Prometheus is for more. 64 series a camera, further ones are not kept.
// Owner: app. Thread: any; reports of one camera come from its worker.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "pipeline/camera/report.h"

namespace lynceus::daemon {

class MeasurementLog final : public camera::ReportSink {
 public:
  struct Settings {
    std::chrono::seconds step{5};
    std::chrono::hours keep{6};
    std::size_t series_per_camera = 64;
  };
  struct Query {
    std::string name;  ///< empty: all
    WallTime since{};
    std::chrono::seconds step{5};  ///< a point is the mean of so long
  };
  struct Series {
    std::string plugin, name, unit;
    std::vector<sdk::Label> labels;
    std::vector<std::pair<WallTime, double>> points;  ///< time of the step's begin; steps without a value are left out
  };

  MeasurementLog() : MeasurementLog(Settings{}) {}
  explicit MeasurementLog(Settings settings) : settings_(settings) {}

  void on_report(const camera::FrameReport& report) override;
  void remove(const std::string& camera);
  std::vector<Series> series(const std::string& camera, const Query& query) const;

 private:
  struct Point {
    std::int64_t slot = 0;  ///< steps since 1970
    float sum = 0;
    std::uint32_t count = 0;
  };
  struct Kept {
    std::string plugin, name, unit;
    std::vector<sdk::Label> labels;
    std::deque<Point> points;
  };
  using Shelf = std::map<std::string, Kept>;  ///< by plugin, name and labels

  void add(Shelf& shelf, const std::string& plugin, const sdk::Measurement& measured, std::int64_t slot);
  Series read(const Kept& kept, const Query& query) const;

  const Settings settings_;
  mutable std::mutex mutex_;
  std::map<std::string, Shelf> cameras_;  // guarded by mutex_
};

}  // namespace lynceus::daemon
