// Two plugins that exist as tables only: every type of option, some of them for zones.
#pragma once

#include "config/config.h"

namespace lynceus::test {

const sdk::PluginInfo& fake_health();
const sdk::PluginInfo& fake_people();
const config::Catalogue& fake_catalogue();

/// Loads a text named "t.yaml" against them.
config::LoadResult load_fake(const std::string& yaml);
/// The lines of the ConfigError that this text must give.
std::vector<std::string> problems_of(const std::string& yaml);

}  // namespace lynceus::test
