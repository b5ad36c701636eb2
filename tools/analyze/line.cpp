#include "tools/analyze/line.h"

#include <string>

#include "pipeline/ingest/source_settings.h"
#include "plugins/sdk/severity_name.h"

namespace lynceus::tools {
namespace {

/// people, or people{zone=entrance} where labels tell several of one name apart.
std::string key_of(const sdk::Measurement& measurement) {
  std::string labels;
  for (const sdk::Label& label : measurement.labels)
    labels += (labels.empty() ? "" : ",") + label.name + "=" + label.value;
  return labels.empty() ? measurement.name : measurement.name + "{" + labels + "}";
}

Json measurements_of(const sdk::Observations& said) {
  Json object = Json::object();
  for (const sdk::Measurement& measurement : said.measurements) object[key_of(measurement)] = finite(measurement.value);
  return object;
}

Json conditions_of(const sdk::Observations& said) {
  Json list = Json::array();
  for (const sdk::Condition& condition : said.conditions) {
    list.push_back({{"key", condition.key()},
                    {"active", condition.active},
                    {"severity", name(condition.severity)},
                    {"summary", condition.summary}});
  }
  return list;
}

std::string shown(const std::string& input) {
  return input.find("://") == std::string::npos ? input : ingest::redacted(input);
}

}  // namespace

Json frame_line(const ingest::Picture& picture, std::int64_t frame, const camera::AnalyzerReport& report) {
  Json line;
  line["input"] = shown(picture.input);
  line["frame"] = frame;
  line["time_s"] = finite(picture.time_s);
  line["plugin"] = report.plugin;
  line["ms"] = finite(report.seconds * 1000);
  line["measurements"] = measurements_of(*report.observations);
  line["conditions"] = conditions_of(*report.observations);
  const Json details = to_json(report.observations->details);
  if (!details.is_object()) return line;
  for (const auto& [key, value] : details.items()) {
    if (!line.contains(key)) line[key] = value;
  }
  return line;
}

}  // namespace lynceus::tools
