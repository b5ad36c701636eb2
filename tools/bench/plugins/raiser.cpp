// Raises conditions at a rate, each under a key of its own, and lets go of each after a while. For benches: it looks at
// the clock and never at the picture, so that what was raised when does not depend on anything before it.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

class Raiser final : public sdk::Analyzer {
 public:
  explicit Raiser(sdk::Services& services)
      : rate_(services.options().number("rate")), length_s_(services.options().number("length_s")) {}

  void process(const sdk::Input& input, sdk::Observations& out) override {
    const double now_s = std::chrono::duration<double>(input.frame.captured().time_since_epoch()).count();
    const auto last = static_cast<std::int64_t>(std::floor(now_s * rate_));
    const auto first = static_cast<std::int64_t>(std::ceil((now_s - length_s_) * rate_));
    for (std::int64_t number = first; rate_ > 0 && number <= last; ++number) {
      sdk::Condition condition;
      condition.kind = "raised";
      condition.zone = std::to_string(number);
      condition.active = true;
      condition.summary = "alarm " + condition.zone + " of the bench";
      out.conditions.push_back(condition);
    }
  }

 private:
  const double rate_, length_s_;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "raiser";
  info.version = "1";
  info.summary = "raises conditions at a rate, for benches";
  info.options = {{"rate", sdk::OptionType::number, 20.0, "conditions a second", 0, 1000},
                  {"length_s", sdk::OptionType::number, 1.0, "seconds each lasts", 0.01, 60}};
  info.kinds = {"raised"};
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("raiser", Raiser, info)
