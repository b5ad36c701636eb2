// A shared library with the right function and no note: any library could have been dropped there.
#include "tests/plugins/idle.h"

namespace {
lynceus::sdk::PluginInfo info() { return lynceus::test::named("no_note"); }
}  // namespace

extern "C" __attribute__((visibility("default"))) const lynceus::sdk::Plugin* lynceus_plugin() {
  static const lynceus::sdk::PluginOf<lynceus::test::Idle> plugin(info());
  return &plugin;
}
