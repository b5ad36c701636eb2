// How conditions become alarms, and to whom alarms are told: the sections `alarms`, `notify` and `storage.evidence`.
//
// Plain data, filled by config/, compared on reload. Durations are seconds or 1m30s in the file.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/observations.h"

namespace lynceus::config {

using std::chrono::milliseconds;

/// What holds for one kind of alarm; what is not given is as for all kinds.
struct AlarmRule {
  std::optional<bool> enabled;
  std::optional<milliseconds> on_delay, off_delay, hold;
  std::optional<double> deadband;  ///< share of the limit the value must fall back by before the alarm may clear
  std::optional<sdk::Severity> severity;

  bool operator==(const AlarmRule&) const = default;
};

struct AlarmSettings {
  milliseconds on_delay{0};       ///< active for so long before it is raised
  milliseconds off_delay{5'000};  ///< inactive for so long before it is cleared
  milliseconds hold{10'000};      ///< an event is an alarm for so long
  double deadband = 0;
  milliseconds source_lost{600'000};  ///< a camera that does not stream for so long: its conditions are cleared
  int flap_count = 5;  ///< raised more often within flap_window: held raised, told once, until quiet for the window
  milliseconds flap_window{600'000};
  std::chrono::hours keep{24 * 90};  ///< cleared alarms are forgotten after
  std::int64_t keep_rows = 200'000;  ///< and beyond so many
  std::map<std::string, AlarmRule> kinds;

  bool operator==(const AlarmSettings&) const = default;
};

/// Which alarms a sink is told of; an empty list: all.
struct SinkFilter {
  sdk::Severity least = sdk::Severity::info;
  std::vector<std::string> kinds, cameras;

  bool operator==(const SinkFilter&) const = default;
};

struct SinkSettings {
  enum class Kind { webhook, mqtt } kind = Kind::webhook;
  enum class Format { cloudevents, alertmanager } format = Format::cloudevents;
  std::string name;
  bool enabled = true;
  SinkFilter filter;

  // webhook
  std::string url;                   ///< http or https; holds secrets, never shown whole
  std::vector<std::string> secrets;  ///< whsec_…; all of them sign
  std::string bearer;                ///< Authorization: Bearer …; empty: none
  bool verify_tls = true;
  std::string ca_file;
  milliseconds timeout{10'000};
  milliseconds group{0};      ///< changes within so long go in one request
  double rate_per_s = 0;      ///< 0: as fast as the receiver takes them
  milliseconds heartbeat{0};  ///< 0: none

  // mqtt
  std::string host;
  int port = 0;  ///< 0: 1883, 8883 with TLS
  bool tls = false;
  int version = 5;  ///< 5, or 3 for 3.1.1
  std::string user, password, client_id;
  std::string prefix = "lynceus";
  bool home_assistant = false;
  std::string discovery_prefix = "homeassistant";
  bool commands = true;  ///< whether <prefix>/<site>/<camera>/set is obeyed

  bool operator==(const SinkSettings&) const = default;
};

struct NotifySettings {
  std::chrono::hours max_age{24 * 7};  ///< older owed deliveries collapse to the latest change of their alarm
  std::int64_t max_rows = 100'000;
  std::vector<SinkSettings> sinks;  ///< in the file's order; names are unique

  bool operator==(const NotifySettings&) const = default;
};

struct EvidenceSettings {
  bool snapshots = true, clips = true;
  milliseconds before{5'000}, after{10'000};
  std::int64_t ring_bytes = std::int64_t{32} << 20;  ///< a camera
  milliseconds ring_time{60'000};
  std::int64_t max_bytes = std::int64_t{1} << 30;  ///< of all evidence on disk
  std::chrono::hours max_age{24 * 30};

  bool operator==(const EvidenceSettings&) const = default;
};

}  // namespace lynceus::config
