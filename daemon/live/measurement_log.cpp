#include "daemon/live/measurement_log.h"

#include <algorithm>
#include <cmath>

namespace lynceus::daemon {
namespace {

std::string key_of(const std::string& plugin, const sdk::Measurement& measured) {
  std::string key = plugin + '\x1f' + measured.name;
  for (const auto& label : measured.labels) key += '\x1f' + label.name + '\x1e' + label.value;
  return key;
}

std::int64_t slot_of(WallTime time, std::chrono::seconds step) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count() / step.count();
}

}  // namespace

void MeasurementLog::on_report(const camera::FrameReport& report) {
  if (!report.frame) return;
  const std::int64_t slot = slot_of(report.frame->captured_wall(), settings_.step);
  std::lock_guard lock(mutex_);
  Shelf& shelf = cameras_[report.camera];
  for (const auto& said : report.analyzers) {
    if (!said.observations) continue;
    for (const auto& measured : said.observations->measurements) add(shelf, said.plugin, measured, slot);
  }
}

void MeasurementLog::add(Shelf& shelf, const std::string& plugin, const sdk::Measurement& measured, std::int64_t slot) {
  if (!std::isfinite(measured.value)) return;
  const std::string key = key_of(plugin, measured);
  auto found = shelf.find(key);
  if (found == shelf.end()) {
    if (shelf.size() >= settings_.series_per_camera) return;
    found = shelf.emplace(key, Kept{plugin, measured.name, measured.unit, measured.labels, {}}).first;
  }
  auto& points = found->second.points;
  // A clock set back adds to the newest step: the points stay in order.
  if (points.empty() || slot > points.back().slot) points.push_back({slot, 0, 0});
  points.back().sum += static_cast<float>(measured.value);
  ++points.back().count;
  const std::int64_t oldest =
      points.back().slot - std::chrono::seconds(settings_.keep).count() / settings_.step.count();
  while (points.front().slot <= oldest) points.pop_front();
}

void MeasurementLog::remove(const std::string& camera) {
  std::lock_guard lock(mutex_);
  cameras_.erase(camera);
}

MeasurementLog::Series MeasurementLog::read(const Kept& kept, const Query& query) const {
  const std::int64_t many = std::max<std::int64_t>(1, query.step / settings_.step);
  const std::int64_t first = slot_of(query.since, settings_.step);
  Series series{kept.plugin, kept.name, kept.unit, kept.labels, {}};
  double sum = 0;
  std::uint64_t count = 0;
  std::int64_t group = -1;
  const auto close = [&] {
    if (count == 0) return;
    series.points.emplace_back(WallTime(settings_.step * many * group), sum / static_cast<double>(count));
  };
  for (const Point& point : kept.points) {
    if (point.slot < first) continue;
    if (point.slot / many != group) {
      close();
      group = point.slot / many;
      sum = 0;
      count = 0;
    }
    sum += static_cast<double>(point.sum);
    count += point.count;
  }
  close();
  return series;
}

std::vector<MeasurementLog::Series> MeasurementLog::series(const std::string& camera, const Query& query) const {
  std::vector<Series> all;
  std::lock_guard lock(mutex_);
  const auto found = cameras_.find(camera);
  if (found == cameras_.end()) return all;
  for (const auto& [key, kept] : found->second) {
    if (query.name.empty() || query.name == kept.name) all.push_back(read(kept, query));
  }
  return all;
}

}  // namespace lynceus::daemon
