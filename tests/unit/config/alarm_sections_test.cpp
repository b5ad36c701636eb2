// Every key of `alarms`, `notify` and `storage.evidence` reaches its setting, and no secret of a sink is shown.
#include <cstdlib>
#include <fstream>

#include "base/log.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

TEST_CASE("every key of alarms reaches its setting") {
  const auto alarms = load_fake(R"(
alarms:
  on_delay: 1s
  off_delay: 2s
  hold: 3s
  deadband: 0.1
  source_lost: 5m
  flap_count: 9
  flap_window: 1h
  keep: 2d
  keep_rows: 5000
  kinds:
    dwell: {enabled: false, on_delay: 4s, off_delay: 5s, hold: 6s, deadband: 0.2, severity: critical}
    crowding: {severity: info}
)")
                          .config.alarms;
  REQUIRE(alarms.on_delay == 1s);
  REQUIRE(alarms.off_delay == 2s);
  REQUIRE(alarms.hold == 3s);
  REQUIRE(alarms.deadband == 0.1);
  REQUIRE(alarms.source_lost == 5min);
  REQUIRE(alarms.flap_count == 9);
  REQUIRE(alarms.flap_window == 1h);
  REQUIRE(alarms.keep == 48h);
  REQUIRE(alarms.keep_rows == 5000);
  REQUIRE(alarms.kinds.size() == 2);
  REQUIRE(alarms.kinds.at("dwell") == config::AlarmRule{false, 4s, 5s, 6s, 0.2, sdk::Severity::critical});
  REQUIRE(alarms.kinds.at("crowding") == config::AlarmRule{{}, {}, {}, {}, {}, sdk::Severity::info});
}

TEST_CASE("every key of evidence reaches its setting") {
  const auto evidence = load_fake(
                            "storage: {evidence: {snapshots: false, clips: false, before: 1s, after: 2s, "
                            "ring_bytes: 2MiB, ring_time: 3s, max_bytes: 4MiB, max_age: 5h}}\n")
                            .config.storage.evidence;
  REQUIRE(evidence == config::EvidenceSettings{false, false, 1s, 2s, 2 << 20, 3s, 4 << 20, 5h});
}

TEST_CASE("every key of a webhook reaches its setting") {
  const auto result = load_fake(R"(
notify:
  max_age: 1d
  max_rows: 1000
  sinks:
    ops:
      url: https://h.example:8443/a?b=c
      format: alertmanager
      enabled: false
      filter: {severity: critical, kinds: [dwell], cameras: [a]}
      secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]
      bearer: abc.def
      verify_tls: false
      timeout: 3s
      group: 5s
      rate_per_s: 2.5
      heartbeat: 60s
cameras: {a: {url: "sim://still"}}
)");
  REQUIRE(result.warnings.empty());
  const auto& notify = result.config.notify;
  REQUIRE(notify.max_age == 24h);
  REQUIRE(notify.max_rows == 1000);
  REQUIRE(notify.sinks.size() == 1);
  const config::SinkSettings& sink = notify.sinks[0];
  REQUIRE(sink.name == "ops");
  REQUIRE(sink.kind == config::SinkSettings::Kind::webhook);
  REQUIRE(sink.url == "https://h.example:8443/a?b=c");
  REQUIRE(sink.format == config::SinkSettings::Format::alertmanager);
  REQUIRE_FALSE(sink.enabled);
  REQUIRE(sink.filter == config::SinkFilter{sdk::Severity::critical, {"dwell"}, {"a"}});
  REQUIRE(sink.secrets == std::vector<std::string>{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"});
  REQUIRE(sink.bearer == "abc.def");
  REQUIRE_FALSE(sink.verify_tls);
  REQUIRE(sink.timeout == 3s);
  REQUIRE(sink.group == 5s);
  REQUIRE(sink.rate_per_s == 2.5);
  REQUIRE(sink.heartbeat == 60s);
}

TEST_CASE("every key of a broker reaches its setting") {
  const auto sinks = load_fake(R"(
notify:
  sinks:
    one: {type: mqtt, host: broker}
    two: {type: mqtt, host: "::1", port: 8884, tls: true, version: 3.1.1, user: u, password: pass-word, client_id: c,
          prefix: a/b, home_assistant: true, discovery_prefix: ha, commands: false}
    three: {type: mqtt, host: broker, version: 5}
)")
                         .config.notify.sinks;
  REQUIRE(sinks.size() == 3);
  REQUIRE(sinks[0].name == "one");
  REQUIRE(sinks[0].version == 5);
  REQUIRE(sinks[0].commands);
  const config::SinkSettings& two = sinks[1];
  REQUIRE(two.kind == config::SinkSettings::Kind::mqtt);
  REQUIRE(two.host == "::1");
  REQUIRE(two.port == 8884);
  REQUIRE(two.tls);
  REQUIRE(two.version == 3);
  REQUIRE(two.user == "u");
  REQUIRE(two.password == "pass-word");
  REQUIRE(two.client_id == "c");
  REQUIRE(two.prefix == "a/b");
  REQUIRE(two.home_assistant);
  REQUIRE(two.discovery_prefix == "ha");
  REQUIRE_FALSE(two.commands);
  REQUIRE(sinks[2].version == 5);
}

std::string everything_said(const config::LoadResult& result) {
  std::string out;
  for (const auto& o : result.origins) out += o.key + " " + o.value + " " + o.where + "\n";
  for (const auto& w : result.warnings) out += w + "\n";
  return out;
}

TEST_CASE("secrets of sinks are shown nowhere, not even those that stand in the file") {
  const auto result = load_fake(R"(
notify:
  sinks:
    ops: {url: "https://u:hunter22@h.example/services/T0PS3CRET?key=hunter33", bearer: hunter44,
          secrets: [whsec_aHVudGVyNTU=]}
    ha: {type: mqtt, host: h, user: u, password: hunter66}
)");
  const std::string said = everything_said(result);
  for (const char* secret : {"hunter", "T0PS3CRET", "aHVudGVyNTU"}) REQUIRE(said.find(secret) == std::string::npos);
  REQUIRE(said.find("notify.sinks.ops.url https://h.example/*** ") != std::string::npos);
  REQUIRE(said.find("notify.sinks.ops.bearer *** ") != std::string::npos);
  REQUIRE(said.find("notify.sinks.ops.secrets *** ") != std::string::npos);
  REQUIRE(said.find("a key of less than 24 bytes") != std::string::npos);
  REQUIRE(log::redact("whsec_aHVudGVyNTU= hunter44 hunter66") == "*** *** ***");
}

TEST_CASE("files that secrets came from are named, to be watched") {
  const TempFolder folder;
  std::ofstream(folder / "key") << "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
  std::ofstream(folder / "token") << "sesame-open\n";
  setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  const auto result = config::load_text(
      "notify: {sinks: {ops: {url: \"http://h/\", secrets: [\"${file:key}\"], bearer: \"${credential:token}\"}}}\n",
      "t.yaml", folder.path(), {});
  unsetenv("CREDENTIALS_DIRECTORY");
  REQUIRE(result.secret_files == std::vector<std::string>{folder / "key", folder / "token"});
  REQUIRE(result.config.notify.sinks[0].bearer == "sesame-open");
  REQUIRE(everything_said(result).find("notify.sinks.ops.bearer ${credential:token} ") != std::string::npos);
}

TEST_CASE("a kind that nobody raises is a warning") {
  const auto result = load_fake(
      "alarms: {kinds: {dwel: {enabled: false}, dwell: {enabled: false}}}\n"
      "notify: {sinks: {ops: {url: \"http://h/\", filter: {kinds: [crowding, camera_ofline, storage_low, "
      "of_mine]}}}}\n");
  const std::string sink =
      "t.yaml:2:58: notify.sinks.ops.filter.kinds: nothing that is loaded raises alarms of the kind ";
  REQUIRE(result.warnings ==
          std::vector<std::string>{"t.yaml:1:18: alarms.kinds.dwel: nothing that is loaded raises alarms of the kind "
                                   "'dwel'; did you mean 'dwell'?",
                                   sink + "'camera_ofline'; did you mean 'camera_offline'?", sink + "'of_mine'"});
  // Which kinds there are is known with the plugins only.
  REQUIRE(config::load_text("alarms: {kinds: {dwel: {enabled: false}}}\n", "t.yaml", "/nowhere", {}).warnings.empty());
}

TEST_CASE("a filter that names a camera nobody has is a warning") {
  const auto result = load_fake("notify: {sinks: {ops: {url: \"http://h/\", filter: {cameras: [dor]}}}}\n");
  REQUIRE(result.warnings ==
          std::vector<std::string>{"t.yaml:1:60: notify.sinks.ops.filter.cameras: there is no camera 'dor'"});
}

}  // namespace
}  // namespace lynceus::test
