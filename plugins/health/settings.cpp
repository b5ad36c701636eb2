#include "plugins/health/settings.h"

#include <string>
#include <utility>

namespace lynceus::health {
namespace {

using sdk::OptionSpec;
using sdk::OptionType;

OptionSpec duration(std::string key, double fallback, double least, std::string help) {
  return {std::move(key), OptionType::duration, fallback, std::move(help), least, 86'400};
}
OptionSpec number(std::string key, double fallback, double least, double greatest, std::string help) {
  return {std::move(key), OptionType::number, fallback, std::move(help), least, greatest};
}
OptionSpec flag(std::string key, std::string help) {
  return {std::move(key), OptionType::boolean, true, std::move(help)};
}

}  // namespace

std::vector<OptionSpec> option_table() {
  const Settings s;
  return {
      {"ignore", OptionType::polygons, std::vector<sdk::Polygon>{},
       "parts of the picture that do not count, such as a burnt-in clock: it would hide a frozen picture"},
      duration("frozen_after", s.frozen_after_s, 1,
               "frames that arrive with the same content for so long are a frozen picture; longer than the camera's "
               "keyframe interval"),
      duration("raise_after", s.raise_after_s, 0, "dark, bright, flat, blurred and covered must last so long"),
      duration("clear_after", s.clear_after_s, 0, "a fault is over when it has been gone for so long"),
      duration("moved_after", s.moved_after_s, 0, "another view must last so long to mean that the camera was moved"),
      duration("accept_after", s.accept_after_s, 10, "a moved camera's new view becomes the usual one after so long"),
      number("dark_level", s.dark_level, 0, 255, "dark: 95 % of the picture is below this grey level"),
      number("bright_level", s.bright_level, 0, 255, "bright: 95 % of the picture is above this grey level"),
      number("flat_spread", s.flat_spread, 0, 255, "flat: 98 % of the picture lies within so many grey levels"),
      number("blur_ratio", s.blur_ratio, 0, 1,
             "blurred: the measurement sharpness is below this (0.0625 is pure blur, 0.15 and more is sharp)"),
      number("blur_share", s.blur_share, 0, 1, "blurred: sharpness is below this share of the camera's own usual one"),
      flag("frozen", "watch for a frozen picture"),
      flag("moved", "watch for a camera that was moved; off for cameras that turn"),
      flag("covered", "watch for a covered lens"),
      flag("blurred", "watch for a blurred picture"),
  };
}

Settings settings_from(const sdk::Options& options) {
  Settings s;
  s.ignore = options.polygons("ignore");
  s.frozen_after_s = options.seconds("frozen_after");
  s.raise_after_s = options.seconds("raise_after");
  s.clear_after_s = options.seconds("clear_after");
  s.moved_after_s = options.seconds("moved_after");
  s.accept_after_s = options.seconds("accept_after");
  s.dark_level = options.number("dark_level");
  s.bright_level = options.number("bright_level");
  s.flat_spread = options.number("flat_spread");
  s.blur_ratio = options.number("blur_ratio");
  s.blur_share = options.number("blur_share");
  s.frozen = options.boolean("frozen");
  s.moved = options.boolean("moved");
  s.covered = options.boolean("covered");
  s.blurred = options.boolean("blurred");
  return s;
}

}  // namespace lynceus::health
