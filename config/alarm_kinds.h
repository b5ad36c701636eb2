// The kinds of alarms: the daemon knows its own, plugins bring theirs along (PluginInfo::kinds). Thread: reentrant.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "config/yaml_tree.h"

namespace lynceus::config {

/// That may be raised of the site.
const std::vector<std::string>& site_kinds();
/// That may be raised of a camera with these plugins: its transport's, the daemon's on its analyzers, and theirs.
std::vector<std::string> camera_kinds(const Catalogue& plugins);

/// A word on kinds of `alarms.kinds` and of sinks' filters that nobody raises: a slip, or a plugin that keeps them to
/// itself.
void check_kinds(const Node& root, const Config& config, const Catalogue& plugins, std::vector<std::string>& warnings);

}  // namespace lynceus::config
