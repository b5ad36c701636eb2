// An analyzer slot of a test plugin, with everything it stands on.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "pipeline/host/analyzer_slot.h"
#include "pipeline/host/plugin_host.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/host/captured_log.h"

namespace lynceus::test {

/// Options as the table has them, with some replaced.
inline sdk::Options options_of(const sdk::PluginInfo& info, std::map<std::string, sdk::OptionValue> own = {}) {
  auto values = sdk::defaults_of(info.options).values();
  for (auto& [key, value] : own) values.insert_or_assign(key, std::move(value));
  return sdk::Options(std::move(values));
}

struct SlotSetup {
  explicit SlotSetup(const std::string& file, std::map<std::string, sdk::OptionValue> own = {}) {
    plugins.load_file(file);
    if (!plugins.refused().empty()) throw std::runtime_error(plugins.refused().front().why);
    setup.plugin = plugins.find(plugins.catalogue().front()->name);
    setup.camera.id = "cam";
    setup.options = options_of(setup.plugin->info(), std::move(own));
    setup.clock = &clock;
    setup.state = state.get();
  }

  CapturedLog log;
  host::PluginHost plugins;
  FakeClock clock;
  std::unique_ptr<host::StateStore> state = host::make_memory_state();
  host::AnalyzerSlot::Setup setup;
};

}  // namespace lynceus::test
