#include "plugins/context/settings.h"

#include <stdexcept>
#include <utility>

namespace lynceus::context {
namespace {

using sdk::OptionSpec;
using sdk::OptionType;

OptionSpec choice(std::string key, std::string fallback, std::vector<std::string> choices, std::string help) {
  OptionSpec spec{std::move(key), OptionType::choice, std::move(fallback), std::move(help)};
  spec.choices = std::move(choices);
  return spec;
}
OptionSpec file(std::string key, std::string help) { return {std::move(key), OptionType::file, {}, std::move(help)}; }
OptionSpec number(std::string key, double fallback, double least, double greatest, std::string help) {
  return {std::move(key), OptionType::number, fallback, std::move(help), least, greatest};
}
OptionSpec points(std::string key, std::string help) {
  return {std::move(key), OptionType::points, sdk::Polygon{}, std::move(help)};
}

std::string path_of(const sdk::Options& options, const char* key) { return options.has(key) ? options.text(key) : ""; }

Mode mode_of(const std::string& text) {
  if (text == "static") return Mode::still_pair;
  if (text == "dynamic") return Mode::dynamic_pair;
  return text == "video" ? Mode::video : Mode::automatic;
}

}  // namespace

std::vector<OptionSpec> option_table() {
  const Settings s;
  OptionSpec grow{"importance_grow",
                  OptionType::integer,
                  std::int64_t{0},
                  "pixels by which what counts as important is grown, or shrunk when negative",
                  -50,
                  50};
  return {
      choice("profile", "recommended", {"seed", "recommended"}, "recommended, or the published method to the letter"),
      choice("mode", "auto", {"auto", "static", "dynamic", "video"},
             "static: one night picture; dynamic: with a night reference; video: what moves; auto: video, but for "
             "unrelated pictures dynamic where there is a reference, else static"),
      file("day",
           "picture of the place by day, or a folder or video of it, whose median is taken; without it the daemon "
           "learns day pictures by itself"),
      file("reference", "night picture of the place with nothing in it"),
      file("areas",
           "mask, or a folder of one a frame: black takes the day picture, white the night picture, grey decides "
           "itself"),
      choice("importance", "threshold", {"threshold", "max"},
             "what of a night picture is important: what is bright or has edges, or what has stronger edges than the "
             "day picture"),
      choice("mask", "grey", {"grey", "binary"}, "how a difference to the night reference weighs in mode dynamic"),
      {"always", OptionType::boolean, false, "enhance every frame, not only while somebody looks or an alarm needs it"},
      number("screen", s.screen, 0, 1, "how strongly wide parts of the result are held at the blend of both pictures"),
      number("temporal", s.temporal, 0, 1,
             "how strongly wide parts of the result are held at those of the frame before"),
      {"verify", OptionType::duration, s.verify_s,
       "how often the solution is compared with the exact one (solver_error)", 0, 86'400},
      grow,
      points("homography.day",
             "four points of the day picture, 0..1, where it was taken by another camera or from another place"),
      points("homography.frame", "the same four points in this camera's picture, 0..1"),
  };
}

Settings settings_from(const sdk::Options& options) {
  Settings s;
  s.profile = options.text("profile") == "seed" ? Profile::seed : Profile::recommended;
  s.mode = mode_of(options.text("mode"));
  s.importance = options.text("importance") == "max" ? ImportanceRule::maximum : ImportanceRule::threshold;
  s.mask = options.text("mask") == "binary" ? MaskRule::binary : MaskRule::grey;
  s.day = path_of(options, "day");
  s.reference = path_of(options, "reference");
  s.areas = path_of(options, "areas");
  s.always = options.boolean("always");
  s.screen = options.number("screen");
  s.temporal = options.number("temporal");
  s.verify_s = options.seconds("verify");
  s.grow_px = static_cast<int>(options.integer("importance_grow"));
  s.day_points = options.points("homography.day");
  s.frame_points = options.points("homography.frame");
  if (s.day_points.size() != s.frame_points.size() || (!s.day_points.empty() && s.day_points.size() != 4))
    throw std::invalid_argument("homography: four points of the day picture and four of the frame");
  return s;
}

}  // namespace lynceus::context
