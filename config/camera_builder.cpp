#include "config/camera_builder.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "config/calibration.h"
#include "config/shapes.h"
#include "config/tables.h"

namespace lynceus::config {
namespace {

constexpr const char* kHealth = "health";
constexpr const char* kPeople = "people";
constexpr const char* kFrozenAfter = "frozen_after";

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_word(const Node& node, const char* word) {
  return node.kind == Node::Kind::scalar && !node.quoted && node.text == word;
}

const std::vector<Row>& analyzer_rows() {
  for (const Row& row : camera_table()) {
    if (row.type == Type::analyzers) return row.rows;
  }
  throw std::logic_error("cameras have no analyzers");
}

std::vector<std::string> names_of(const Catalogue& plugins) {
  std::vector<std::string> names;
  for (const sdk::PluginInfo* plugin : plugins) names.push_back(plugin->name);
  return names;
}

std::string camera_path(const CameraDraft& draft) { return "cameras." + draft.settings.id; }
std::string analyzer_path(const CameraDraft& draft, const std::string& plugin) {
  return camera_path(draft) + ".analyzers." + plugin;
}

/// A window past midnight becomes two.
std::vector<camera::ArmWindow> windows(const ArmDraft& draft) {
  std::vector<int> days;
  for (const std::string& text : draft.days) {
    for (const int day : parse_days(text)) {
      if (std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
    }
  }
  if (draft.days.empty()) days = {0, 1, 2, 3, 4, 5, 6};
  std::sort(days.begin(), days.end());
  if (draft.from < draft.to) return {{days, draft.from, draft.to}};
  std::vector<camera::ArmWindow> out{{days, draft.from, std::chrono::minutes{24 * 60}}};
  for (int& day : days) day = (day + 1) % 7;
  std::sort(days.begin(), days.end());
  if (draft.to.count() > 0) out.push_back({days, std::chrono::minutes{0}, draft.to});
  return out;
}

sdk::Options options_of(const std::map<std::string, Value>& values, const std::vector<Row>& besides) {
  std::map<std::string, sdk::OptionValue, std::less<>> out;
  for (const auto& [key, value] : values) {
    if (find_row(besides, key) == nullptr) out.emplace(key, to_option(value));
  }
  return sdk::Options(std::move(out));
}

}  // namespace

CameraBuilder::CameraBuilder(const Catalogue& plugins, Walker& walker, std::vector<std::string>& warnings)
    : plugins_(plugins), walker_(walker), warnings_(warnings) {}

const sdk::PluginInfo* CameraBuilder::find(const std::string& name) const {
  const auto found = std::find_if(plugins_.begin(), plugins_.end(), [&](const auto* p) { return p->name == name; });
  return found == plugins_.end() ? nullptr : *found;
}

const sdk::PluginInfo* CameraBuilder::known(const std::string& name, const Place& place) {
  const sdk::PluginInfo* plugin = find(name);
  if (plugin == nullptr)
    walker_.problems().add(place, "no plugin " + shown(name) + " is loaded" + accepted(name, names_of(plugins_)));
  return plugin;
}

void CameraBuilder::warn(const Place& place, const std::string& why) {
  std::string line = place.where() + ": " + place.key() + ": " + why;
  if (!holds(warnings_, line)) warnings_.push_back(std::move(line));
}

/// `node`: true, nothing, or a map of `when` and the plugin's options.
void CameraBuilder::analyzer(const CameraDraft& draft, const sdk::PluginInfo& plugin, const Node& node,
                             const std::string& path) {
  if (node.kind != Node::Kind::map && !node.empty() && !is_word(node, "true")) {
    return walker_.problems().add(node.place,
                                  "is " + (node.kind == Node::Kind::scalar ? shown(node.text) : node.kind_name()) +
                                      "; accepted: true, false, or a map of options");
  }
  std::vector<Row> rows = analyzer_rows();
  const std::vector<Row>& own = analyzer_rows();
  for (Row& row : plugin_rows(plugin.options)) rows.push_back(std::move(row));
  auto values = walker_.values(rows, dotted(node, walker_.problems()), path);
  if (draft.frozen_after_s && plugin.name == kHealth && values.count(kFrozenAfter) > 0)
    values[kFrozenAfter] = *draft.frozen_after_s;

  camera::AnalyzerSettings out;
  out.plugin = plugin.name;
  const auto when = values.find(own.front().key);
  const auto cadence = camera::parse_cadence(when != values.end() ? std::get<std::string>(when->second) : plugin.when);
  if (cadence) out.when = *cadence;
  out.options = options_of(values, own);
  analyzers_.push_back(std::move(out));
}

sdk::Options CameraBuilder::zone_options(const ZoneDraft& zone, const sdk::PluginInfo& plugin,
                                         const camera::AnalyzerSettings& analyzer, const std::string& path) {
  const Node* node = zone.options ? zone.options->find(plugin.name) : nullptr;
  if (node == nullptr) return analyzer.options;
  if (node->kind != Node::Kind::map) {
    walker_.problems().add(node->place, std::string("is ") + node->kind_name() + "; accepted: a map of options");
    return analyzer.options;
  }
  std::vector<Row> rows = plugin_rows(plugin.options, true);
  for (Row& row : rows) row.fallback.reset();
  auto values = analyzer.options.values();
  for (auto& [key, value] : walker_.values(rows, dotted(*node, walker_.problems()), path))
    values[key] = to_option(value);
  return sdk::Options(std::move(values));
}

/// Zones and lines name plugins; a plugin that does not run here is a slip worth a word.
void CameraBuilder::check_names(const CameraDraft& draft) {
  const auto check = [&](const std::vector<std::string>& names, const Place& place) {
    for (const std::string& name : names) {
      const bool runs =
          std::any_of(analyzers_.begin(), analyzers_.end(), [&](const auto& a) { return a.plugin == name; });
      if (known(name, place) != nullptr && !runs)
        warn(place, "names the plugin '" + name + "', which this camera does not run");
    }
  };
  for (const ZoneDraft& zone : draft.zones) {
    check(zone.analyzers, zone.place);
    if (!zone.options) continue;
    for (const Node::Entry& entry : zone.options->entries) check({entry.key}, entry.place);
  }
  for (const LineDraft& line : draft.lines) {
    check(line.analyzers, line.place);
    if (line.line.from == line.line.to) walker_.problems().add(line.place, "'from' and 'to' are the same point");
  }
}

/// Whoever finds people says where they are; else nothing is shown of anything.
void CameraBuilder::check_privacy(const CameraDraft& draft) {
  if (draft.settings.privacy != camera::Privacy::blur) return;
  if (std::any_of(analyzers_.begin(), analyzers_.end(), [](const auto& a) { return a.plugin == kPeople; })) return;
  warn(draft.place, "'privacy: blur' without the analyzer 'people': every picture is blurred as a whole");
}

void CameraBuilder::add_zones(const CameraDraft& draft) {
  for (camera::AnalyzerSettings& analyzer : analyzers_) {
    const sdk::PluginInfo& plugin = *find(analyzer.plugin);
    for (const ZoneDraft& zone : draft.zones) {
      if (!zone.analyzers.empty() && !holds(zone.analyzers, plugin.name)) continue;
      sdk::Zone out = zone.zone;
      out.options = zone_options(zone, plugin, analyzer,
                                 camera_path(draft) + ".zones." + zone.zone.name + ".options." + plugin.name);
      analyzer.zones.push_back(std::move(out));
    }
    for (const LineDraft& line : draft.lines) {
      if (line.analyzers.empty() || holds(line.analyzers, plugin.name)) analyzer.lines.push_back(line.line);
    }
  }
}

void CameraBuilder::check(const CameraDraft& draft) {
  analyzers_.clear();
  if (draft.analyzers) {
    for (const Node::Entry& entry : draft.analyzers->entries) {
      const sdk::PluginInfo* plugin = known(entry.key, entry.place);
      if (plugin != nullptr && !is_word(entry.value, "false"))
        analyzer(draft, *plugin, entry.value, analyzer_path(draft, plugin->name));
    }
  }
}

camera::CameraSettings CameraBuilder::build(CameraDraft draft) {
  camera::CameraSettings out = draft.settings;
  const sdk::PluginInfo* health = find(kHealth);
  const bool told = draft.analyzers && draft.analyzers->find(kHealth) != nullptr;
  analyzers_.clear();
  if (health != nullptr && !told) {
    analyzer(draft, *health, Node{}, analyzer_path(draft, kHealth));
  }
  auto implied = std::move(analyzers_);
  check(draft);
  analyzers_.insert(analyzers_.begin(), implied.begin(), implied.end());
  check_names(draft);
  check_privacy(draft);
  add_zones(draft);
  out.analyzers = std::move(analyzers_);

  for (const ArmDraft& window : draft.arm) {
    for (camera::ArmWindow& part : windows(window)) out.arm.push_back(std::move(part));
  }
  if (draft.has_homography) out.ground = sdk::Ground{draft.homography, {}};
  if (!draft.calibration.empty()) {
    try {
      out.ground = sdk::Ground{{}, read_calibration(draft.calibration)};
    } catch (const std::runtime_error& error) {
      walker_.problems().add(draft.calibration_place, "the file " + shown(draft.calibration) + ": " + error.what());
    }
  }
  if (!draft.has_source) {
    walker_.problems().add(draft.place, "the key 'url' is missing; accepted: a URL, or streams with 'detect'");
  }
  return out;
}

}  // namespace lynceus::config
