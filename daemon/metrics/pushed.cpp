#include "daemon/metrics/pushed.h"

#include <string>

#include "daemon/metrics/families.h"

namespace lynceus::daemon {
namespace {

auto& gauge(prometheus::Registry& registry, const char* name) {
  return prometheus::BuildGauge().Name(name).Help(family(name).help).Register(registry);
}
auto& counter_of(prometheus::Registry& registry, const char* name) {
  return prometheus::BuildCounter().Name(name).Help(family(name).help).Register(registry);
}
auto& histogram(prometheus::Registry& registry, const char* name) {
  return prometheus::BuildHistogram().Name(name).Help(family(name).help).Register(registry);
}

}  // namespace

PushedFamilies::PushedFamilies(prometheus::Registry& registry)
    : light(gauge(registry, "lynceus_light_state")),
      stage(histogram(registry, "lynceus_stage_duration_seconds")),
      cpu(counter_of(registry, "lynceus_camera_cpu_seconds_total")),
      events(counter_of(registry, "lynceus_events_total")),
      condition(gauge(registry, "lynceus_condition_active")),
      measurement(gauge(registry, "lynceus_measurement")),
      counter(counter_of(registry, "lynceus_plugin_counts_total")),
      series_dropped(counter_of(registry, "lynceus_series_dropped_total")),
      batch(histogram(registry, "lynceus_inference_batch_size")),
      inference(histogram(registry, "lynceus_inference_duration_seconds")),
      http_requests(counter_of(registry, "lynceus_http_requests_total")),
      http_dropped(counter_of(registry, "lynceus_http_connections_dropped_total")) {
  for (const KnownMeasurement& row : known_measurements()) {
    known[row.name] = &gauge(registry, (std::string("lynceus_") + row.name).c_str());
  }
}

}  // namespace lynceus::daemon
