// From a camera's draft to its settings: which plugins run, with which options, in which zones; floor and windows.
//
// Thread: bound to its owner.
#pragma once

#include <string>
#include <vector>

#include "config/draft.h"
#include "config/walker.h"

namespace lynceus::config {

class CameraBuilder {
 public:
  CameraBuilder(const Catalogue& plugins, Walker& walker, std::vector<std::string>& warnings);

  /// Problems go to the walker's; the result counts only when there are none.
  camera::CameraSettings build(CameraDraft draft);
  /// What cameras share: its plugin sections are checked, nothing is made.
  void check(const CameraDraft& draft);

 private:
  const sdk::PluginInfo* find(const std::string& name) const;
  const sdk::PluginInfo* known(const std::string& name, const Place& place);
  void analyzer(const CameraDraft& draft, const sdk::PluginInfo& plugin, const Node& node, const std::string& path);
  sdk::Options zone_options(const ZoneDraft& zone, const sdk::PluginInfo& plugin,
                            const camera::AnalyzerSettings& analyzer, const std::string& path);
  void add_zones(const CameraDraft& draft);
  void check_privacy(const CameraDraft& draft);
  void check_names(const CameraDraft& draft);
  void warn(const Place& place, const std::string& why);

  const Catalogue& plugins_;
  Walker& walker_;
  std::vector<std::string>& warnings_;
  std::vector<camera::AnalyzerSettings> analyzers_;  // of the camera being built
};

}  // namespace lynceus::config
