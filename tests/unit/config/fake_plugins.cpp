#include "tests/unit/config/fake_plugins.h"

#include <cstdint>

namespace lynceus::test {

using sdk::OptionSpec;
using sdk::OptionType;

const sdk::PluginInfo& fake_health() {
  static const sdk::PluginInfo info = [] {
    sdk::PluginInfo out;
    out.name = "health";
    out.summary = "Whether the picture is any good";
    out.when = "1s";
    out.options = {
        OptionSpec{.key = "frozen_after",
                   .type = OptionType::duration,
                   .fallback = 10.0,
                   .help = "frozen",
                   .least = 1,
                   .greatest = 86400},
        OptionSpec{.key = "ignore",
                   .type = OptionType::polygons,
                   .fallback = std::vector<sdk::Polygon>{},
                   .help = "not looked at"},
    };
    return out;
  }();
  return info;
}

const sdk::PluginInfo& fake_people() {
  static const sdk::PluginInfo info = [] {
    sdk::PluginInfo out;
    out.name = "people";
    out.summary = "Who stands too close";
    out.kinds = {"crowding", "distance_violation", "dwell"};
    out.options = {
        OptionSpec{.key = "confidence",
                   .type = OptionType::number,
                   .fallback = 0.5,
                   .help = "least",
                   .least = 0,
                   .greatest = 1,
                   .per_zone = true},
        OptionSpec{.key = "detector",
                   .type = OptionType::choice,
                   .fallback = std::string("own"),
                   .help = "which",
                   .choices = {"own", "hog", "yolox"}},
        OptionSpec{.key = "input",
                   .type = OptionType::integer,
                   .fallback = std::int64_t{416},
                   .help = "side",
                   .least = 32,
                   .greatest = 2048},
        OptionSpec{.key = "model", .type = OptionType::file, .fallback = {}, .help = "network"},
        OptionSpec{.key = "label", .type = OptionType::text, .fallback = {}, .help = "a word"},
        OptionSpec{.key = "panel", .type = OptionType::boolean, .fallback = false, .help = "panel"},
        OptionSpec{.key = "scale.low", .type = OptionType::number, .fallback = {}, .help = "low", .per_zone = true},
        OptionSpec{.key = "scale.bar", .type = OptionType::numbers, .fallback = {}, .help = "bar", .count = 4},
        OptionSpec{.key = "corners", .type = OptionType::points, .fallback = {}, .help = "corners", .count = 4},
    };
    return out;
  }();
  return info;
}

const config::Catalogue& fake_catalogue() {
  static const config::Catalogue all{&fake_health(), &fake_people()};
  return all;
}

config::LoadResult load_fake(const std::string& yaml) {
  return config::load_text(yaml, "t.yaml", "/nowhere", fake_catalogue());
}

std::vector<std::string> problems_of(const std::string& yaml) {
  try {
    load_fake(yaml);
  } catch (const config::ConfigError& error) {
    return error.lines();
  }
  return {};
}

}  // namespace lynceus::test
