// Whether what a plugin says of itself can be trusted as a table: names, defaults of the right type and within bounds.
// A plugin with a wrong table is refused as a whole; the configuration is then checked against right tables only.
// Thread: any (no shared state).
#pragma once

#include <string>
#include <string_view>

#include "plugins/sdk/plugin.h"

namespace lynceus::host {

/// a-z, 0-9 and _, starting with a letter, at most 64 characters: names of plugins, kinds and views.
bool plain_name(std::string_view name);

/// What is wrong with it, or an empty text.
std::string table_fault(const sdk::PluginInfo& info);

}  // namespace lynceus::host
