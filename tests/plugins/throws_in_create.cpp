// Cannot even be made.
#include <stdexcept>

#include "tests/plugins/idle.h"

namespace {

class Throws final : public lynceus::test::Idle {
 public:
  explicit Throws(lynceus::sdk::Services& services) : Idle(services) { throw std::runtime_error("no such luck"); }
};

lynceus::sdk::PluginInfo info() { return lynceus::test::named("throws_in_create"); }

}  // namespace

LYNCEUS_PLUGIN("throws_in_create", Throws, info)
