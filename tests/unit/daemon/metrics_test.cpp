#include "daemon/metrics/metrics.h"

#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/metrics/families.h"
#include "tests/support/catch.h"
#include "tests/unit/daemon/fake_cameras.h"

using namespace lynceus;
using namespace lynceus::test;
using daemon::Metrics;

namespace {

camera::CameraSettings settings(const std::string& id, std::vector<std::string> plugins = {"health"}) {
  camera::CameraSettings camera;
  camera.id = id;
  for (auto& plugin : plugins) {
    camera::AnalyzerSettings analyzer;
    analyzer.plugin = std::move(plugin);
    camera.analyzers.push_back(std::move(analyzer));
  }
  return camera;
}

const sdk::PluginInfo& health_info() {
  static const sdk::PluginInfo info{"health", "1", "", "every_frame", false, {}, {"camera_dark", "camera_moved"}, {}};
  return info;
}

bool has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

std::string scrape(const Metrics& metrics) { return metrics.text({{camera_status("lobby")}, {}, {}}); }

}  // namespace

TEST_CASE("every family is there from the first scrape with HELP and TYPE, once") {
  const std::string text = Metrics().text({});
  for (const auto& spec : daemon::families()) {
    INFO(spec.name);
    const std::string help = std::string("# HELP ") + spec.name + " ";
    CHECK(text.find(help) != std::string::npos);
    CHECK(text.find(help) == text.rfind(help));
    CHECK(text.find(std::string("# TYPE ") + spec.name + " ") != std::string::npos);
  }
}

TEST_CASE("names keep to the habits promtool checks") {
  for (const auto& spec : daemon::families()) {
    INFO(spec.name);
    const std::string name = spec.name;
    const bool counter = spec.type == prometheus::MetricType::Counter;
    CHECK(name.ends_with("_total") == counter);
    CHECK_FALSE(std::string(spec.help).empty());
    for (const char* bad : {"_ms", "_milliseconds", "_percent", "_minutes", "_kilobytes", "_count", "_sum", "_bucket"})
      CHECK_FALSE(name.ends_with(bad));
    for (const char* type : {"counter", "gauge", "histogram", "summary"}) CHECK(name.find(type) == std::string::npos);
  }
}

TEST_CASE("the reference page names every family and no other") {
  std::ifstream file(std::string(LYNCEUS_SOURCE_DIR) + "/docs/ref/metrics.md");
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  for (const auto& spec : daemon::families()) {
    INFO(spec.name);
    CHECK(page.find("`" + std::string(spec.name)) != std::string::npos);
  }
}

TEST_CASE("what is known of a camera at the start is there at 0") {
  Metrics metrics;
  metrics.add(settings("lobby", {"health", "pipes", "people"}), {&health_info()});
  const std::string text = scrape(metrics);
  CHECK(has(text, R"(lynceus_camera_state{camera="lobby",state="streaming"} 1)"));
  CHECK(has(text, R"(lynceus_camera_state{camera="lobby",state="offline"} 0)"));
  CHECK(has(text, R"(lynceus_camera_up{camera="lobby"} 1)"));
  CHECK(has(text, R"(lynceus_camera_frames_dropped_total{camera="lobby",reason="mailbox"} 7)"));
  CHECK(has(text, R"(lynceus_camera_frames_dropped_total{camera="lobby",reason="schedule"} 0)"));
  CHECK(has(text, R"(lynceus_camera_reconnects_total{camera="lobby",reason="auth"} 0)"));
  CHECK(has(text, R"(lynceus_plugin_errors_total{camera="lobby",plugin="health"} 3)"));
  CHECK(has(text, R"(lynceus_condition_active{camera="lobby",kind="camera_dark",plugin="health"} 0)"));
  CHECK(has(text, R"(lynceus_events_total{camera="lobby",kind="camera_dark"} 0)"));
  CHECK(has(text, R"(lynceus_light_state{camera="lobby",state="night"} 0)"));
  CHECK(has(text, R"(lynceus_pipe_fault{camera="lobby",fault="insulation_missing"} 0)"));
  CHECK(has(text, R"(lynceus_people{camera="lobby",zone=""} 0)"));
  CHECK(has(text, R"(lynceus_stage_duration_seconds_count{camera="lobby",stage="health"} 0)"));
  CHECK(has(text, R"(lynceus_storage_bytes{kind="clips"} 0)"));
}

TEST_CASE("a stuck and a disabled analyzer are conditions") {
  daemon::CameraStatus camera = camera_status("lobby");
  const auto condition = [&](const std::string& kind) {
    const std::string series = "lynceus_condition_active{camera=\"lobby\",plugin=\"health\",kind=\"" + kind + "\"} 1";
    return has(Metrics().text({{camera}, {}, {}}), series);
  };
  CHECK_FALSE(condition("analyzer_stuck"));
  CHECK_FALSE(condition("analyzer_disabled"));
  camera.worker.stuck = true;
  camera.worker.in_plugin = "health";
  CHECK(condition("analyzer_stuck"));
  camera.worker.analyzers[0].state = host::SlotState::disabled;
  CHECK(condition("analyzer_disabled"));
}

TEST_CASE("a report moves its series") {
  Metrics metrics;
  metrics.add(settings("lobby", {"health", "people"}), {&health_info()});
  sdk::Observations said;
  said.measurements.push_back({"sharpness", 12.5, "grey", {{"zone", "a\"b\n"}}});
  said.conditions.push_back({"camera_dark", "", true, {}, "", {}, {}, "", {}});
  said.events.push_back({"told", 0, "", "", {}, ""});
  said.counters.push_back({"tellings", 2, {}});
  metrics.on_report(report_of("lobby", 1, "health", said));
  sdk::Observations people;
  people.measurements.push_back({"people", 4, "", {{"zone", "door"}}});
  metrics.on_report(report_of("lobby", 2, "people", people));
  const std::string text = scrape(metrics);
  CHECK(has(text,
            R"(lynceus_measurement{camera="lobby",name="sharpness",plugin="health",unit="grey",zone="a\"b\n"} 12.5)"));
  CHECK(has(text, R"(lynceus_condition_active{camera="lobby",kind="camera_dark",plugin="health"} 1)"));
  CHECK(has(text, R"(lynceus_condition_active{camera="lobby",kind="camera_moved",plugin="health"} 0)"));
  CHECK(has(text, R"(lynceus_events_total{camera="lobby",kind="told"} 1)"));
  CHECK(has(text, R"(lynceus_plugin_counts_total{camera="lobby",name="tellings",plugin="health"} 2)"));
  CHECK(has(text, R"(lynceus_people{camera="lobby",zone="door"} 4)"));
  CHECK(has(text, R"(lynceus_light_state{camera="lobby",state="day"} 1)"));
  CHECK(has(text, R"(lynceus_stage_duration_seconds_bucket{camera="lobby",stage="health",le="0.002"} 1)"));

  metrics.on_report(report_of("lobby", 3, "health", {}));  // the kind is not named any more: inactive
  CHECK(has(scrape(metrics), R"(lynceus_condition_active{camera="lobby",kind="camera_dark",plugin="health"} 0)"));
}

TEST_CASE("the series of a removed camera go, and come back fresh") {
  Metrics metrics;
  metrics.add(settings("lobby"), {&health_info()});
  metrics.on_report(report_of("lobby", 1, "health", {}));
  metrics.remove("lobby");
  metrics.on_report(report_of("lobby", 2, "health", {}));
  CHECK(metrics.text({}).find("camera=\"lobby\"") == std::string::npos);
  metrics.add(settings("lobby"), {&health_info()});
  CHECK(has(metrics.text({}), R"(lynceus_stage_duration_seconds_count{camera="lobby",stage="health"} 0)"));
}

TEST_CASE("a plugin has two hundred series a camera, and cannot spoil the text") {
  Metrics metrics;
  metrics.add(settings("lobby", {"noisy"}), {});
  sdk::Observations said;
  for (int i = 0; i < 300; ++i) said.measurements.push_back({"m" + std::to_string(i), 1.0, "", {}});
  metrics.on_report(report_of("lobby", 1, "noisy", said));
  CHECK(has(scrape(metrics), R"(lynceus_series_dropped_total{camera="lobby",plugin="noisy"} 100)"));

  Metrics other;
  other.add(settings("lobby", {"noisy"}), {});
  sdk::Observations bad;
  bad.measurements.push_back({"a", 1, "", {{"camera", "taken"}}});
  bad.measurements.push_back({"b", 1, "", {{"no good", "x"}}});
  bad.measurements.push_back({"c", std::nan(""), "", {}});
  bad.measurements.push_back({"d\xff\xc3", 1, "", {}});
  bad.counters.push_back({"e", -5, {}});
  other.on_report(report_of("lobby", 1, "noisy", bad));
  const std::string text = scrape(other);
  CHECK(has(text, R"(lynceus_series_dropped_total{camera="lobby",plugin="noisy"} 2)"));
  CHECK(has(text, R"(lynceus_measurement{camera="lobby",name="d??",plugin="noisy",unit=""} 1)"));
  CHECK(text.find("name=\"c\"") == std::string::npos);
  CHECK(text.find("name=\"e\"") == std::string::npos);
}

TEST_CASE("models have a duration, a batch size and a back end") {
  Metrics metrics;
  metrics.inferred("yolo.onnx", 4, 0.02);
  infer::ModelStats model;
  model.model = "yolo.onnx";
  model.engine = "opencv";
  model.backend = "cpu";
  const std::string text = metrics.text({{}, {model}, {}});
  CHECK(has(text, R"(lynceus_inference_batch_size_sum{model="yolo.onnx"} 4)"));
  CHECK(has(text, R"(lynceus_inference_duration_seconds_count{model="yolo.onnx"} 1)"));
  CHECK(has(text, R"(lynceus_inference_backend_info{model="yolo.onnx",engine="opencv",backend="cpu"} 1)"));
}

TEST_CASE("CPU time is told by stage, pulled and pushed in one family") {
  Metrics metrics;
  metrics.add(settings("lobby"), {&health_info()});
  daemon::CameraStatus camera = camera_status("lobby");
  camera.counts.decode_cpu_seconds = 3;
  auto report = report_of("lobby", 1, "health", {});
  report.gate_cpu_seconds = 0.5;
  report.analyzers[0].cpu_seconds = 0.25;
  metrics.on_report(report);
  metrics.on_report(report);
  metrics.encoded("lobby", 0.01, 0.125);
  const std::string text = metrics.text({{camera}, {}, {}});
  CHECK(has(text, R"(lynceus_camera_cpu_seconds_total{camera="lobby",stage="decode"} 3)"));
  CHECK(has(text, R"(lynceus_camera_cpu_seconds_total{camera="lobby",stage="gate"} 1)"));
  CHECK(has(text, R"(lynceus_camera_cpu_seconds_total{camera="lobby",stage="health"} 0.5)"));
  CHECK(has(text, R"(lynceus_camera_cpu_seconds_total{camera="lobby",stage="encode"} 0.125)"));
}

TEST_CASE("the heap in use grows by what is allocated, small or large") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
  return;  // another allocator
#endif
  const double before = daemon::process_use().heap_in_use_bytes;
  const std::vector<char> large(std::size_t{8} << 20, 'x');
  std::vector<std::vector<char>> small(1000, std::vector<char>(1000, 'x'));
  CHECK(daemon::process_use().heap_in_use_bytes - before > 9e6);
}

TEST_CASE("durations are counted in buckets of factor two from half a millisecond to ten seconds") {
  const auto buckets = daemon::duration_buckets();
  CHECK(buckets.front() == 0.0005);
  CHECK(buckets.back() == 10);
  for (std::size_t i = 1; i + 1 < buckets.size(); ++i) CHECK(buckets[i] == 2 * buckets[i - 1]);
}

TEST_CASE("alarms are counted by camera and kind, known kinds from zero on, and how long they took") {
  using daemon::AlarmChange;
  Metrics metrics;
  metrics.add(settings("lobby"), {&health_info()});
  std::string text = scrape(metrics);
  CHECK(has(text, R"(lynceus_alarms_total{camera="lobby",kind="camera_offline",severity="critical"} 0)"));
  CHECK(has(text, R"(lynceus_alarms_total{camera="",kind="storage_low",severity="warning"} 0)"));
  CHECK(has(text, R"(lynceus_alarms_active{kind="camera_offline",severity="critical"} 0)"));
  CHECK(has(text, "lynceus_capture_to_alarm_seconds_count 0"));

  AlarmChange raised;
  raised.alarm.camera = "lobby";
  raised.alarm.kind = "camera_offline";
  raised.alarm.severity = sdk::Severity::critical;
  raised.captured = MonoTime{} + std::chrono::seconds(5);
  AlarmChange cleared = raised;
  cleared.type = AlarmChange::Type::cleared;
  AlarmChange strange = raised;
  strange.alarm.camera = "gone";
  strange.captured = {};
  metrics.alarms().on_changes(std::vector{raised, cleared, strange}, MonoTime{} + std::chrono::milliseconds(5100));
  daemon::Metrics::Pull pull;
  pull.alarms.raised = {raised.alarm, raised.alarm};
  pull.alarms.sinks = {{"hook", 3, 12.5}};
  text = metrics.text(pull);
  CHECK(has(text, R"(lynceus_alarms_total{camera="lobby",kind="camera_offline",severity="critical"} 1)"));
  CHECK(has(text, R"(lynceus_alarms_active{kind="camera_offline",severity="critical"} 2)"));
  CHECK(has(text, "lynceus_capture_to_alarm_seconds_count 1"));
  CHECK(has(text, R"(lynceus_capture_to_alarm_seconds_bucket{le="0.128"} 1)"));
  CHECK(has(text, R"(lynceus_delivery_oldest_pending_seconds{sink="hook"} 12.5)"));
  CHECK(has(text, R"(lynceus_deliveries_pending{sink="hook"} 3)"));
  metrics.remove("lobby");
  CHECK(metrics.text({}).find("lobby") == std::string::npos);
}

TEST_CASE("deliveries are counted for the sinks of now") {
  Metrics metrics;
  metrics.alarms().sinks({"hook", "mqtt"});
  metrics.alarms().delivered("hook", "retry");
  metrics.alarms().sinks({"hook"});
  metrics.alarms().delivered("mqtt", "delivered");
  const std::string text = scrape(metrics);
  CHECK(has(text, R"(lynceus_deliveries_total{result="retry",sink="hook"} 1)"));
  CHECK(has(text, R"(lynceus_deliveries_total{result="failed",sink="hook"} 0)"));
  CHECK(text.find("mqtt") == std::string::npos);
}
