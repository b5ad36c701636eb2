// Right in everything but its table: the default of its option is of another type.
#include "tests/plugins/idle.h"

namespace {

lynceus::sdk::PluginInfo info() {
  auto info = lynceus::test::named("wrong_table");
  info.options = {{"speed", lynceus::sdk::OptionType::number, std::string("fast"), "how fast"}};
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("wrong_table", lynceus::test::Idle, info)
