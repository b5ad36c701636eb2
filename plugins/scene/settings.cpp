#include "plugins/scene/settings.h"

#include <stdexcept>
#include <utility>

#include "plugins/scene/classes.h"

namespace lynceus::scene {
namespace {

using sdk::OptionSpec;
using sdk::OptionType;

constexpr double kDay = 86'400;

OptionSpec duration(std::string key, double fallback, double least, std::string help, bool per_zone = false) {
  OptionSpec spec{std::move(key), OptionType::duration, fallback, std::move(help), least, kDay};
  spec.per_zone = per_zone;
  return spec;
}
OptionSpec share(std::string key, double fallback, std::string help, bool per_zone = false) {
  OptionSpec spec{std::move(key), OptionType::number, fallback, std::move(help), 0, 1};
  spec.per_zone = per_zone;
  return spec;
}

}  // namespace

std::vector<OptionSpec> option_table() {
  const Settings s;
  return {
      {"model", OptionType::file, {}, "the network; scene.onnx where networks lie when absent"},
      {"classes", OptionType::integer, std::int64_t{s.classes},
       "4 (floor, structure, furniture, props), or 13 or 40 where the network knows that many", 4, 40},
      duration("every", s.every_s, 1, "the network looks that often; sooner when the picture has changed"),
      duration("quiet", s.quiet_s, 0, "parts of the picture where something stirred within that time do not vote"),
      share("exit.share", s.exit_share,
            "a zone's exit is blocked when more of the floor it has in the reference is gone; 0: the zone is no exit",
            true),
      duration("exit.after", s.exit_after_s, 0, "for that long", true),
      share("layout.share", s.layout_share,
            "the layout has changed when more of the picture is something else than in the reference; 0: never"),
      duration("layout.after", s.layout_after_s, 0, "for that long"),
      duration("clear_after", s.clear_after_s, 0, "either is over when it has been so for that long"),
      {"floor_mask", OptionType::boolean, s.floor_mask, "tell the analyzers after it where the floor is"},
  };
}

Settings settings_from(const sdk::Options& o, const sdk::CameraInfo& camera) {
  Settings s;
  if (o.has("model")) s.model = o.text("model");
  s.classes = static_cast<int>(o.integer("classes"));
  if (!is_class_count(s.classes)) throw std::invalid_argument("classes must be 4, 13 or 40");
  s.every_s = o.seconds("every");
  s.quiet_s = o.seconds("quiet");
  s.exit_share = o.number("exit.share");
  s.exit_after_s = o.seconds("exit.after");
  s.layout_share = o.number("layout.share");
  s.layout_after_s = o.seconds("layout.after");
  s.clear_after_s = o.seconds("clear_after");
  s.floor_mask = o.boolean("floor_mask");
  for (const sdk::Zone& zone : camera.zones) {
    ExitSettings exit{zone.name, zone.polygon, zone.options.number("exit.share"), zone.options.seconds("exit.after")};
    if (exit.share > 0) s.exits.push_back(std::move(exit));
  }
  return s;
}

}  // namespace lynceus::scene
