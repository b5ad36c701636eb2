// Throws at every call: `throw: standard` an exception of the library, `throw: other` a number; `good_every` calls it does
// not.
#include <cstdint>
#include <stdexcept>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

class Throws final : public sdk::Analyzer {
 public:
  explicit Throws(sdk::Services& services)
      : other_(services.options().text("throw") == "other"), good_every_(services.options().integer("good_every")) {}

  void process(const sdk::Input&, sdk::Observations&) override {
    ++calls_;
    if (good_every_ > 0 && calls_ % good_every_ == 0) return;
    if (other_) throw 42;
    throw std::runtime_error("call " + std::to_string(calls_) + " went wrong");
  }

 private:
  const bool other_;
  const std::int64_t good_every_;
  std::int64_t calls_ = 0;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "throws_in_process";
  info.version = "1";
  info.summary = "throws at every call";
  info.options = {{"throw",
                   sdk::OptionType::choice,
                   std::string("standard"),
                   "what to throw",
                   -1e300,
                   1e300,
                   {"standard", "other"}},
                  {"good_every", sdk::OptionType::integer, std::int64_t{0},
                   "every so many calls it does not throw; 0: never", 0, 1000}};
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("throws_in_process", Throws, info)
