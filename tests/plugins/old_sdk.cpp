// Built for an sdk of long ago.
#include "tests/plugins/idle.h"

#undef LYNCEUS_SDK_VERSION
#define LYNCEUS_SDK_VERSION 0

namespace {
lynceus::sdk::PluginInfo info() { return lynceus::test::named("old_sdk"); }
}  // namespace

LYNCEUS_PLUGIN("old_sdk", lynceus::test::Idle, info)
