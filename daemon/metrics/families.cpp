#include "daemon/metrics/families.h"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace lynceus::daemon {
namespace {

constexpr auto kGauge = prometheus::MetricType::Gauge;
constexpr auto kCounter = prometheus::MetricType::Counter;
constexpr auto kHistogram = prometheus::MetricType::Histogram;

constexpr std::array kFamilies{
    FamilySpec{"lynceus_build_info", kGauge, "Version of the daemon; always 1."},
    FamilySpec{"lynceus_camera_up", kGauge, "1 while the camera's stream delivers frames."},
    FamilySpec{"lynceus_camera_state", kGauge, "1 for the transport state the camera is in, 0 for the others."},
    FamilySpec{"lynceus_camera_frames_received_total", kCounter, "Frames decoded from the camera."},
    FamilySpec{"lynceus_camera_frames_analyzed_total", kCounter,
               "Frames that went through the gate and the analyzers."},
    FamilySpec{"lynceus_camera_frames_dropped_total", kCounter, "Frames not analyzed, by reason."},
    FamilySpec{"lynceus_camera_reconnects_total", kCounter, "Connections that ended, by reason."},
    FamilySpec{"lynceus_camera_decoder_info", kGauge, "What decodes the camera's stream; always 1."},
    FamilySpec{"lynceus_camera_decoder_fallback", kGauge,
               "1 while the camera is decoded in software although hardware was tried or asked for."},
    FamilySpec{"lynceus_camera_last_frame_timestamp_seconds", kGauge, "When the last frame came; 0: never."},
    FamilySpec{"lynceus_camera_bytes_total", kCounter, "Encoded bytes received from the camera."},
    FamilySpec{"lynceus_camera_cpu_seconds_total", kCounter,
               "CPU time spent on the camera, by stage (decode, gate, each plugin, encode)."},
    FamilySpec{"lynceus_camera_worker_stuck", kGauge,
               "1 while the camera's worker has given no sign of life for 10 s."},
    FamilySpec{"lynceus_light_state", kGauge, "1 for the light the camera sees by, 0 for the others."},
    FamilySpec{"lynceus_stage_duration_seconds", kHistogram,
               "Time a frame spent in a stage: gate, each plugin, encode."},
    FamilySpec{"lynceus_analyzer_running", kGauge, "1 while the analyzer is called, 0 when it was disabled."},
    FamilySpec{"lynceus_plugin_errors_total", kCounter, "Calls of an analyzer that ended with an error."},
    FamilySpec{"lynceus_plugins_refused", kGauge, "Plugin files that were not loaded."},
    FamilySpec{"lynceus_events_total", kCounter, "Momentary events that analyzers saw."},
    FamilySpec{"lynceus_condition_active", kGauge, "1 while a condition of this kind holds anywhere in the picture."},
    FamilySpec{"lynceus_alarms_total", kCounter, "Alarms raised; camera is empty for those of the site."},
    FamilySpec{"lynceus_alarms_active", kGauge, "Alarms that are raised."},
    FamilySpec{"lynceus_capture_to_alarm_seconds", kHistogram, "From the frame to the alarm on disk."},
    FamilySpec{"lynceus_deliveries_total", kCounter, "Attempts to tell a sink of an alarm's change, by result."},
    FamilySpec{"lynceus_deliveries_pending", kGauge, "Changes that are owed to a sink."},
    FamilySpec{"lynceus_delivery_oldest_pending_seconds", kGauge, "Age of the oldest change owed to a sink; 0: none."},
    FamilySpec{"lynceus_measurement", kGauge, "Measurement of a plugin that has no family of its own."},
    FamilySpec{"lynceus_plugin_counts_total", kCounter, "Counter of a plugin."},
    FamilySpec{"lynceus_series_dropped_total", kCounter,
               "Values dropped since a plugin's series exceed 200 a camera, or cannot be named."},
    FamilySpec{"lynceus_people", kGauge, "People seen, by zone (empty: the whole picture)."},
    FamilySpec{"lynceus_distancing_violations", kGauge, "Pairs of people closer than the limit."},
    FamilySpec{"lynceus_pipe_temperature_celsius", kGauge, "Temperature of the pipe."},
    FamilySpec{"lynceus_pipe_fault", kGauge, "1 while the pipe shows this fault."},
    FamilySpec{"lynceus_targets", kGauge, "Targets tracked."},
    FamilySpec{"lynceus_scene_fraction", kGauge, "Share of the picture that belongs to a class, 0 to 1."},
    FamilySpec{"lynceus_inference_batch_size", kHistogram, "Requests run together by a model's executor."},
    FamilySpec{"lynceus_inference_duration_seconds", kHistogram, "Time of one run of a model."},
    FamilySpec{"lynceus_inference_errors_total", kCounter, "Runs of a model that failed."},
    FamilySpec{"lynceus_inference_backend_info", kGauge, "Engine and back end a model runs on; always 1."},
    FamilySpec{"lynceus_inference_backend_duration_seconds", kGauge,
               "One run of a model on a back end, as measured when back ends were compared."},
    FamilySpec{"lynceus_inference_fallback", kGauge,
               "1 while a model runs on the CPU because its device failed or is missing."},
    FamilySpec{"lynceus_config_last_reload_successful", kGauge,
               "1 when the configuration in force is the last one asked for."},
    FamilySpec{"lynceus_config_last_reload_success_timestamp_seconds", kGauge,
               "When the configuration was last loaded without an error."},
    FamilySpec{"lynceus_storage_bytes", kGauge, "Bytes on disk, by kind."},
    FamilySpec{"lynceus_store_errors_total", kCounter, "Writes to the state database that failed."},
    FamilySpec{"lynceus_http_requests_total", kCounter, "HTTP requests answered, by status code."},
    FamilySpec{"lynceus_http_connections", kGauge, "HTTP connections open."},
    FamilySpec{"lynceus_http_connections_dropped_total", kCounter, "HTTP connections ended by the daemon, by reason."},
    FamilySpec{"process_cpu_seconds_total", kCounter, "CPU time of the process, user and system."},
    FamilySpec{"process_resident_memory_bytes", kGauge, "Resident memory."},
    FamilySpec{"process_virtual_memory_bytes", kGauge, "Virtual memory."},
    FamilySpec{"process_start_time_seconds", kGauge, "Start of the process since the Unix epoch."},
    FamilySpec{"process_open_fds", kGauge, "Open file descriptors."},
    FamilySpec{"process_max_fds", kGauge, "Most file descriptors the process may open."},
    FamilySpec{"process_threads", kGauge, "Threads of the process."},
    FamilySpec{"lynceus_heap_in_use_bytes", kGauge, "Memory allocated and not freed, large blocks included."},
};

constexpr std::array kKnown{
    KnownMeasurement{"people", "people", "zone"},
    KnownMeasurement{"people", "distancing_violations", nullptr},
    KnownMeasurement{"pipes", "pipe_temperature_celsius", "stat"},
    KnownMeasurement{"pipes", "pipe_fault", "fault"},
    KnownMeasurement{"targets", "targets", nullptr},
    KnownMeasurement{"scene", "scene_fraction", "class"},
};

}  // namespace

std::span<const FamilySpec> families() { return kFamilies; }

const FamilySpec& family(const char* name) {
  for (const FamilySpec& spec : kFamilies) {
    if (std::string_view(spec.name) == name) return spec;
  }
  throw std::logic_error(std::string("metric family not in the table: ") + name);
}

std::span<const KnownMeasurement> known_measurements() { return kKnown; }

}  // namespace lynceus::daemon
