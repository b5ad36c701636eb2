#include "config/alarm_kinds.h"

#include <algorithm>

#include "config/problem.h"

namespace lynceus::config {
namespace {

/// Says so where nobody raises it.
class Check {
 public:
  Check(const Catalogue& plugins, std::vector<std::string>& warnings)
      : known_(camera_kinds(plugins)), warnings_(warnings) {
    known_.insert(known_.end(), site_kinds().begin(), site_kinds().end());
  }
  void operator()(const std::string& kind, const Place& place) {
    if (std::find(known_.begin(), known_.end(), kind) != known_.end()) return;
    const std::string meant = nearest(kind, known_);
    warnings_.push_back(place.where() + ": " + place.key() + ": nothing that is loaded raises alarms of the kind " +
                        shown(kind) + (meant.empty() ? "" : "; did you mean '" + meant + "'?"));
  }

 private:
  std::vector<std::string> known_;
  std::vector<std::string>& warnings_;
};

const Node* find(const Node* node, const std::vector<std::string>& way) {
  for (const std::string& key : way) {
    if (node != nullptr) node = node->find(key);
  }
  return node;
}

}  // namespace

const std::vector<std::string>& site_kinds() {
  static const std::vector<std::string> kinds{"storage_low",   "storage_failed",       "delivery_failing",
                                              "sink_disabled", "config_reload_failed", "inference_fallback"};
  return kinds;
}

std::vector<std::string> camera_kinds(const Catalogue& plugins) {
  std::vector<std::string> kinds{"camera_offline", "camera_stalled",    "camera_unauthorized", "camera_unsupported",
                                 "analyzer_stuck", "analyzer_disabled", "too_many_conditions"};
  for (const sdk::PluginInfo* plugin : plugins) kinds.insert(kinds.end(), plugin->kinds.begin(), plugin->kinds.end());
  return kinds;
}

void check_kinds(const Node& root, const Config& config, const Catalogue& plugins, std::vector<std::string>& warnings) {
  Check check(plugins, warnings);
  if (const Node* rules = find(&root, {"alarms", "kinds"})) {
    for (const Node::Entry& rule : rules->entries) check(rule.key, rule.place);
  }
  for (const SinkSettings& sink : config.notify.sinks) {
    const Node* given = find(&root, {"notify", "sinks", sink.name, "filter", "kinds"});
    if (given == nullptr) continue;
    for (const std::string& kind : sink.filter.kinds) check(kind, given->place);
  }
}

}  // namespace lynceus::config
