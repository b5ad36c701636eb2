// Really hangs in process(), from the call `hang_at` on, until the process ends: for the tests of stuck workers.
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

class NeverReturns final : public sdk::Analyzer {
 public:
  explicit NeverReturns(sdk::Services& services) : hang_at_(services.options().integer("hang_at")) {}

  void process(const sdk::Input&, sdk::Observations& out) override {
    out.counters.push_back({"calls", 1, {}});
    if (calls_++ < hang_at_) return;
    static std::mutex mutex;
    static std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait(lock, [] { return false; });
  }

 private:
  const std::int64_t hang_at_;
  std::int64_t calls_ = 0;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "never_returns";
  info.version = "1";
  info.summary = "hangs for ever";
  info.options = {{"hang_at", sdk::OptionType::integer, std::int64_t{0}, "the first call that hangs", 0, 1e9}};
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("never_returns", NeverReturns, info)
