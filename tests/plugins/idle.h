// An analyzer that does nothing, for plugins whose trouble lies elsewhere.
#pragma once

#include "plugins/sdk/plugin.h"

namespace lynceus::test {

class Idle : public sdk::Analyzer {
 public:
  explicit Idle(sdk::Services&) {}
  void process(const sdk::Input&, sdk::Observations&) override {}
};

inline sdk::PluginInfo named(const char* name) {
  sdk::PluginInfo info;
  info.name = name;
  info.version = "1";
  info.summary = "a plugin of the tests";
  return info;
}

}  // namespace lynceus::test
