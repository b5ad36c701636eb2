// How conditions become alarms, and what is kept of them as evidence.
#include <utility>

#include "config/tables.h"

namespace lynceus::config {
namespace {

constexpr double kDay = 86400;

std::vector<Row> rule_rows() {
  return {
      bind(
          row("enabled", Type::boolean, "`false`: never an alarm.").otherwise("true"),
          [](Target & t) -> auto& { return t.rule->enabled; }),
      bind(
          row("on_delay", Type::duration, "As above, for this kind.").between(0, kDay).otherwise("as above"),
          [](Target & t) -> auto& { return t.rule->on_delay; }),
      bind(
          row("off_delay", Type::duration, "As above, for this kind.").between(0, kDay).otherwise("as above"),
          [](Target & t) -> auto& { return t.rule->off_delay; }),
      bind(
          row("hold", Type::duration, "As above, for this kind.").between(0, kDay).otherwise("as above"),
          [](Target & t) -> auto& { return t.rule->hold; }),
      bind(
          row("deadband", Type::number, "As above, for this kind.").between(0, 1).otherwise("as above"),
          [](Target & t) -> auto& { return t.rule->deadband; }),
      bind(
          row("severity", Type::choice, "How bad it is.")
              .from({"info", "warning", "critical"})
              .otherwise("what the analyzer says"),
          [](Target & t) -> auto& { return t.rule->severity; }),
  };
}

/// Kinds are part of topics, labels and keys.
std::string kind_problem(const std::string& kind) {
  constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  if (!kind.empty() && kind.size() <= 64 && kind.find_first_not_of(kLetters) == std::string::npos) return {};
  return "no good kind; accepted: 1 to 64 of a-z, 0-9 and _";
}

Row kinds_row() {
  Row out = row("kinds", Type::named, "What differs for a kind of alarm.")
                .such_as("{dwell: {severity: critical, on_delay: 5s}, camera_dark: {enabled: false}}");
  out.name_problem = kind_problem;
  out.rows = rule_rows();
  out.enter = [](Target& parent, const std::string& kind, const Node&) {
    Target child = parent;
    child.rule = &parent.config->alarms.kinds[kind];
    return child;
  };
  return out;
}

std::vector<Row> timing_rows() {
  return {
      bind(
          row("on_delay", Type::duration, "A condition is an alarm when it was active for so long.").between(0, kDay),
          [](Target & t) -> auto& { return t.config->alarms.on_delay; }),
      bind(
          row("off_delay", Type::duration, "An alarm clears when its condition was inactive for so long.")
              .between(0, kDay),
          [](Target & t) -> auto& { return t.config->alarms.off_delay; }),
      bind(
          row("hold", Type::duration, "A momentary event is an alarm for so long.").between(0, kDay),
          [](Target & t) -> auto& { return t.config->alarms.hold; }),
      bind(
          row("deadband", Type::number,
              "Share of the limit that the value must fall back by before an alarm may clear.")
              .between(0, 1),
          [](Target & t) -> auto& { return t.config->alarms.deadband; }),
      bind(
          row("source_lost", Type::duration, "Alarms of a camera that gives no picture for so long are cleared.")
              .between(1, 30 * kDay),
          [](Target & t) -> auto& { return t.config->alarms.source_lost; }),
  };
}

std::vector<Row> damping_rows() {
  return {
      bind(
          row("flap_count", Type::integer,
              "Raised so often within `flap_window`, an alarm stays raised until it was quiet for that long; 0: never.")
              .between(0, 1000),
          [](Target & t) -> auto& { return t.config->alarms.flap_count; }),
      bind(
          row("flap_window", Type::duration, "See `flap_count`.").between(1, kDay),
          [](Target & t) -> auto& { return t.config->alarms.flap_window; }),
      bind(
          row("keep", Type::duration, "Cleared alarms are forgotten after so long, in whole hours.")
              .between(3600, 3650 * kDay),
          [](Target & t) -> auto& { return t.config->alarms.keep; }),
      bind(
          row("keep_rows", Type::integer, "And the oldest beyond so many.").between(1000, 10'000'000),
          [](Target & t) -> auto& { return t.config->alarms.keep_rows; }),
  };
}

}  // namespace

Row alarms_row() {
  std::vector<Row> rows = timing_rows();
  for (Row& next : damping_rows()) rows.push_back(std::move(next));
  rows.push_back(kinds_row());
  return section("alarms", "How conditions become alarms.", std::move(rows));
}

Row evidence_row() {
  return section(
      "evidence", "Pictures and clips of alarms.",
      {bind(
           row("snapshots", Type::boolean, "A picture of each alarm."),
           [](Target & t) -> auto& { return t.config->storage.evidence.snapshots; }),
       bind(
           row("clips", Type::boolean, "A clip of each alarm, cut from the camera's own stream."),
           [](Target & t) -> auto& { return t.config->storage.evidence.clips; }),
       bind(
           row("before", Type::duration, "A clip begins so long before its alarm.").between(0, 60),
           [](Target & t) -> auto& { return t.config->storage.evidence.before; }),
       bind(
           row("after", Type::duration, "And ends so long behind it.").between(1, 300),
           [](Target & t) -> auto& { return t.config->storage.evidence.after; }),
       bind(
           row("ring_bytes", Type::size, "What a camera's stream may take in memory for the time before an alarm.")
               .between(1 << 20, 1 << 30),
           [](Target & t) -> auto& { return t.config->storage.evidence.ring_bytes; }),
       bind(
           row("ring_time", Type::duration, "The same in time.").between(1, 600),
           [](Target & t) -> auto& { return t.config->storage.evidence.ring_time; }),
       bind(
           row("max_bytes", Type::size, "What all evidence may take on the disk; the oldest goes first.")
               .between(1 << 20, 1125899906842624.0),
           [](Target & t) -> auto& { return t.config->storage.evidence.max_bytes; }),
       bind(
           row("max_age", Type::duration, "Older evidence is deleted; in whole hours.").between(3600, 3650 * kDay),
           [](Target & t) -> auto& { return t.config->storage.evidence.max_age; })});
}

}  // namespace lynceus::config
