// Ends the process by a fatal signal at its third call: `how: segv` a wild pointer, `abort`, `overflow` of the stack.
#include <csignal>
#include <cstdlib>
#include <string>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

volatile bool endless = true;  // the compiler must not see that nothing comes of it

/// Deeper until there is no more stack.
int deeper(volatile int* below) {
  if (!endless) return 0;
  volatile int here[1024];
  here[0] = below != nullptr ? *below + 1 : 0;
  return deeper(here) + here[0];
}

class Crashes final : public sdk::Analyzer {
 public:
  explicit Crashes(sdk::Services& services) : how_(services.options().text("how")) {}

  void process(const sdk::Input&, sdk::Observations&) override {
    if (++calls_ < 3) return;
    if (how_ == "abort") std::abort();
    if (how_ == "overflow") std::exit(deeper(nullptr));
    std::raise(SIGSEGV);
  }

 private:
  const std::string how_;
  int calls_ = 0;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "crashes_in_process";
  info.version = "1";
  info.summary = "ends the process";
  info.options = {{"how",
                   sdk::OptionType::choice,
                   std::string("segv"),
                   "by which signal",
                   -1e300,
                   1e300,
                   {"segv", "abort", "overflow"}}};
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("crashes_in_process", Crashes, info)
