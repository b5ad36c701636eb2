#include "plugins/targets/settings.h"

#include <algorithm>
#include <string>

namespace lynceus::targets {

using sdk::OptionSpec;
using sdk::OptionType;

std::vector<OptionSpec> option_table() {
  const Settings s;
  return {
      {"profile",
       OptionType::choice,
       std::string("recommended"),
       "seed: the published filter and rule; recommended: 8 directions and a learned score",
       -1e300,
       1e300,
       {"seed", "recommended"}},
      {"init",
       OptionType::numbers,
       std::nullopt,
       "[x, y, w, h] in pixels: follow this one from the first frame on; without it targets are found",
       -1e6,
       1e6,
       {},
       4},
      {"directions", OptionType::integer, std::int64_t{s.directions},
       "of the lines that the background is opened with; 0: the profile's (seed 4, recommended 8)", 0, 16},
      {"length", OptionType::integer, std::int64_t{s.length},
       "of those lines, pixels, odd: what is as long stays background", 3, 15},
      {"opening",
       OptionType::numbers,
       std::nullopt,
       "[width, height] of the rectangle that removes clutter; [1, 1]: none; default: seed [2, 2], recommended none",
       1,
       15,
       {},
       2},
      {"auto_opening", OptionType::boolean, s.auto_opening,
       "search the best rectangle of 1 to 3 pixels, anew every 100 frames"},
      {"least_score", OptionType::number, s.least_score, "targets listed in unrelated pictures score at least this", 0,
       1},
      {"confirm_seen", OptionType::integer, std::int64_t{s.confirm_seen},
       "a target is confirmed when seen in so many …", 1, 30},
      {"confirm_of", OptionType::integer, std::int64_t{s.confirm_of}, "… of so many frames", 1, 30},
      {"registration", OptionType::boolean, s.registration,
       "measure how the background moves; while it does, what moves with it is no target"},
      {"accumulate", OptionType::integer, std::int64_t{s.accumulate},
       "mean of so many registered pictures, for targets too dim for one", 1, 5},
      {"network", OptionType::text, s.network,
       "a Siamese network refines the boxes of tracked targets: off, auto (the one that comes with the program), or "
       "the file of another's backbone, its head beside it"},
      {"loiter_after", OptionType::duration, s.loiter_s, "a target that stays in sight so long loiters", 1, 86'400},
      {"movers", OptionType::boolean, s.tell_movers,
       "on thermal cameras: tell the analyzers after this one what moves and is of a person's or a vehicle's size"},
      {"mover_px",
       OptionType::numbers,
       std::vector<double>{s.movers.least_px, s.movers.most_px},
       "[least, most] larger side of a mover, pixels, on cameras without `ground`",
       1,
       1e5,
       {},
       2},
      {"mover_m",
       OptionType::numbers,
       std::vector<double>{s.movers.least_m, s.movers.most_m},
       "[least, most] larger side of a mover, metres, on cameras with `ground`",
       0.01,
       1000,
       {},
       2},
  };
}

Settings settings_from(const sdk::Options& o) {
  Settings s;
  s.profile = o.text("profile") == "seed" ? Profile::seed : Profile::recommended;
  if (o.has("init")) {
    const auto& box = o.numbers("init");
    s.init = cv::Rect2d(box[0], box[1], std::max(1.0, box[2]), std::max(1.0, box[3]));
  }
  s.directions = int(o.integer("directions"));
  s.length = int(o.integer("length")) | 1;
  if (o.has("opening")) s.opening = o.numbers("opening");
  s.auto_opening = o.boolean("auto_opening");
  s.least_score = o.number("least_score");
  s.confirm_seen = int(o.integer("confirm_seen"));
  s.confirm_of = std::max(s.confirm_seen, int(o.integer("confirm_of")));
  s.registration = o.boolean("registration");
  s.accumulate = int(o.integer("accumulate"));
  s.network = o.text("network");
  s.loiter_s = o.seconds("loiter_after");
  s.tell_movers = o.boolean("movers");
  const auto &px = o.numbers("mover_px"), &m = o.numbers("mover_m");
  s.movers = {px.at(0), px.at(1), m.at(0), m.at(1)};
  return s;
}

}  // namespace lynceus::targets
