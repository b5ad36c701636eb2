// Built for another OpenCV: its pictures would have another layout.
#include "tests/plugins/idle.h"

#undef CV_VERSION_MAJOR
#define CV_VERSION_MAJOR 3
#undef CV_VERSION_MINOR
#define CV_VERSION_MINOR 4

namespace {
lynceus::sdk::PluginInfo info() { return lynceus::test::named("other_opencv"); }
}  // namespace

LYNCEUS_PLUGIN("other_opencv", lynceus::test::Idle, info)
