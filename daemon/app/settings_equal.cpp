#include "daemon/app/settings_equal.h"

#include <algorithm>
#include <optional>
#include <vector>

// Each struct is taken apart by a structured binding: one that grows a member does not compile here until it is
// compared.

namespace lynceus::daemon {
namespace {

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b);
template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b);

bool same(const ingest::SourceSettings& a, const ingest::SourceSettings& b);

bool same(const sdk::Options& a, const sdk::Options& b) { return a.values() == b.values(); }

bool same(const sdk::Zone& a, const sdk::Zone& b) {
  const auto& [name, polygon, options] = a;
  return name == b.name && polygon == b.polygon && same(options, b.options);
}

bool same(const sdk::Line& a, const sdk::Line& b) {
  const auto& [name, from, to] = a;
  return name == b.name && from == b.from && to == b.to;
}

bool same(const camera::Cadence& a, const camera::Cadence& b) {
  const auto& [mode, period] = a;
  return mode == b.mode && period == b.period;
}

bool same(const camera::AnalyzerSettings& a, const camera::AnalyzerSettings& b) {
  const auto& [plugin, when, options, zones, lines] = a;
  return plugin == b.plugin && same(when, b.when) && same(options, b.options) && same(zones, b.zones) &&
         same(lines, b.lines);
}

bool same(const camera::ArmWindow& a, const camera::ArmWindow& b) {
  const auto& [days, from, to] = a;
  return days == b.days && from == b.from && to == b.to;
}

bool same(const camera::GateSettings& a, const camera::GateSettings& b) {
  const auto& [width_px, fps, least_area, budget_percent] = a;
  return width_px == b.width_px && fps == b.fps && least_area == b.least_area && budget_percent == b.budget_percent;
}

bool same(const sdk::Ground::Homography& a, const sdk::Ground::Homography& b) {
  const auto& [image, metres] = a;
  return image == b.image && metres == b.metres;
}

bool same(const sdk::Ground::Calibration& a, const sdk::Ground::Calibration& b) {
  const auto& [size, k, distortion, r, t_m] = a;
  return size == b.size && k == b.k && distortion == b.distortion && r == b.r && t_m == b.t_m;
}

bool same(const sdk::Ground& a, const sdk::Ground& b) {
  const auto& [homography, calibration] = a;
  return same(homography, b.homography) && same(calibration, b.calibration);
}

bool same(const ingest::SourceSettings& a, const ingest::SourceSettings& b) {
  const auto& [detect, evidence, transport, latency, decoder, fps, connect_timeout, stall_after, verify_tls] = a;
  return detect == b.detect && evidence == b.evidence && transport == b.transport && latency == b.latency &&
         decoder == b.decoder && fps == b.fps && connect_timeout == b.connect_timeout && stall_after == b.stall_after &&
         verify_tls == b.verify_tls;
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return same(x, y); });
}

template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

bool same(const config::ServerSettings& a, const config::ServerSettings& b) {
  const auto& [address, port, auth, metrics_auth, hosts, tls_certificate, tls_key, plugin_dir, models_dir, threads] = a;
  return address == b.address && port == b.port && auth == b.auth && metrics_auth == b.metrics_auth &&
         hosts == b.hosts && tls_certificate == b.tls_certificate && tls_key == b.tls_key &&
         plugin_dir == b.plugin_dir && models_dir == b.models_dir && threads == b.threads;
}

bool same(const config::StorageSettings& a, const config::StorageSettings& b) {
  const auto& [directory, max_bytes, evidence] = a;
  return directory == b.directory && max_bytes == b.max_bytes && evidence == b.evidence;
}

bool same(const infer::InferSettings& a, const infer::InferSettings& b) {
  const auto& [backend, threads, queue_bound, device, memory_bytes] = a;
  return backend == b.backend && threads == b.threads && queue_bound == b.queue_bound && device == b.device &&
         memory_bytes == b.memory_bytes;
}

}  // namespace

bool same_stream(const camera::CameraSettings& a, const camera::CameraSettings& b) {
  return a.id == b.id && a.enabled == b.enabled && a.privacy == b.privacy && same(a.source, b.source) &&
         a.privacy_masks == b.privacy_masks;
}

bool same_analysis(const camera::CameraSettings& a, const camera::CameraSettings& b) {
  return a.kind == b.kind && same(a.gate, b.gate) && a.motion_masks == b.motion_masks &&
         same(a.analyzers, b.analyzers) && same(a.ground, b.ground);
}

bool equal(const camera::CameraSettings& a, const camera::CameraSettings& b) {
  // Of these, name and arm are neither the stream's nor the analyzers' business.
  [[maybe_unused]] const auto& [id, name, kind, enabled, privacy, source, gate, motion_masks, privacy_masks, analyzers,
                                ground, arm] = a;
  return same_stream(a, b) && same_analysis(a, b) && name == b.name && same(arm, b.arm);
}

bool equal_but_reloadable(const config::Config& a, const config::Config& b) {
  // The mirrors are no business of the daemon.
  [[maybe_unused]] const auto& [site, timezone, server, storage, alarms, notify, inference, mirrors, cameras] = a;
  return site == b.site && timezone == b.timezone && same(server, b.server) && same(storage, b.storage) &&
         same(inference, b.inference);
}

}  // namespace lynceus::daemon
