// Its static constructor leaves a file behind: the proof that a refused plugin's code never runs, since constructors run
// inside dlopen. The note is wrong on purpose.
#include <cstdio>
#include <cstdlib>

#include "tests/plugins/idle.h"

#undef LYNCEUS_SDK_VERSION
#define LYNCEUS_SDK_VERSION 0

namespace {

struct Writes {
  Writes() {
    const char* path = std::getenv("LYNCEUS_TEST_WITNESS");
    if (path == nullptr) return;
    if (std::FILE* file = std::fopen(path, "w")) std::fclose(file);
  }
} const writes;

lynceus::sdk::PluginInfo info() { return lynceus::test::named("writes_when_opened"); }

}  // namespace

LYNCEUS_PLUGIN("writes_when_opened", lynceus::test::Idle, info)
