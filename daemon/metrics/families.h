// Every metric family of the daemon, once: name, type, help. docs/ref/metrics.md lists the same names; a test compares.
// A family without a series yet is still written with its HELP and TYPE.
#pragma once

#include <prometheus/metric_type.h>

#include <span>

namespace lynceus::daemon {

struct FamilySpec {
  const char* name;
  prometheus::MetricType type;
  const char* help;
};

/// In the order of the reference page.
std::span<const FamilySpec> families();
/// Asking for a name that is not in the table is a bug of ours: throws std::logic_error.
const FamilySpec& family(const char* name);

/// Families of their own for measurements that dashboards know by name: a measurement `name` of `plugin` becomes
/// lynceus_<name>{camera,<label>} instead of lynceus_measurement.
struct KnownMeasurement {
  const char* plugin;
  const char* name;
  const char* label;  ///< null: none but the camera
};
std::span<const KnownMeasurement> known_measurements();

}  // namespace lynceus::daemon
