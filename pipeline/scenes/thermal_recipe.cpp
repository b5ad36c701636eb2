// Which pictures a regime has: every range in one place.
#include <algorithm>
#include <cmath>

#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/thermal.h"

namespace lynceus::scenes {
namespace {

/// Numbers drawn one after another from a seed.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : seed_(seed) {}
  double between(double low, double high) { return low + (high - low) * hash01(seed_, ++count_); }
  int whole(int low, int high) {
    return std::min(high, low + static_cast<int>(hash01(seed_, ++count_) * (high - low + 1)));
  }
  bool chance(double share) { return hash01(seed_, ++count_) < share; }
  template <class T>
  T one_of(std::initializer_list<T> list) {
    return list.begin()[whole(0, static_cast<int>(list.size()) - 1)];
  }

 private:
  std::uint64_t seed_, count_ = 100;
};

/// Length of the pipe within the picture over its width.
double aspect(const ThermalRecipe& r) {
  const bool steep = std::abs(r.tilt_deg) > 45;
  return steep ? double(r.size.height) / (r.width * r.size.width) : double(r.size.width) / (r.width * r.size.height);
}

/// A patch of this share of the pipe's area, well inside of it.
ThermalPatch patch_of(Draw& draw, const ThermalRecipe& r, double share, double celsius) {
  ThermalPatch patch;
  patch.celsius = celsius;
  patch.half_width = std::min(0.78, draw.between(0.3, 0.62) * std::max(1.0, std::sqrt(share / 0.08)));
  // Area of the ellipse over the pipe's: (π/4) × 2 half_length × half_width.
  patch.half_length = share / (CV_PI / 2 * patch.half_width);
  const double least = 0.6 * patch.half_width / aspect(r) / 2;  // no slit across the pipe
  if (patch.half_length < least) {
    patch.half_length = least;
    patch.half_width = share / (CV_PI / 2 * least);
  }
  const double room = std::max(0.0, 0.8 - patch.half_width * 1.15);
  patch.across = draw.between(-room, room);
  patch.along = draw.between(0.08 + patch.half_length, 0.92 - patch.half_length);
  patch.ragged = draw.between(0, 0.12);
  return patch;
}

void add_fault(Draw& draw, ThermalRecipe& r, double damage_low, double damage_high, double bare_low, double bare_high,
               double radius_low, double radius_high) {
  const double over = r.insulation - r.wall;
  if (r.fault == PipeFault::damaged) {
    const int count = damage_high < 0.1 ? 1 : draw.whole(1, 2);
    const double share = draw.between(damage_low, damage_high);
    for (int i = 0; i < count; ++i) {
      r.patches.push_back(patch_of(draw, r, share / count, r.insulation + over * draw.between(0.7, 2.4)));
    }
    if (count == 2) {  // one in each half, so that they stay two
      r.patches[0].along = 0.28, r.patches[1].along = 0.72;
    }
  }
  if (r.fault == PipeFault::missing) {
    ThermalGap gap;
    const double length = draw.between(bare_low, bare_high);
    gap.from = draw.between(0.2, 0.8 - length);
    gap.to = gap.from + length;
    gap.radius = draw.between(radius_low, radius_high);
    gap.celsius = r.insulation + over * draw.between(1.2, 3.0);
    r.gaps.push_back(gap);
  }
}

void choose_scale(Draw& draw, ThermalRecipe& r) {
  double low = r.wall - r.wall_texture - 1, high = r.insulation + 3;
  for (const ThermalPatch& p : r.patches) high = std::max(high, p.celsius + 2);
  for (const ThermalGap& g : r.gaps) high = std::max(high, g.celsius + 2);
  for (const ThermalLamp& l : r.lamps) high = std::max(high, l.celsius + 1);
  for (const ThermalBranch& b : r.branches) high = std::max(high, b.celsius + 1);
  low -= draw.between(0, 4), high += draw.between(0, 8);
  const double step = r.decimals > 0 ? 0.1 : 1;
  const auto in_unit = [&](double c) { return r.fahrenheit ? c * 1.8 + 32 : c; };
  r.low = std::floor(in_unit(low) / step) * step;
  r.high = std::ceil(in_unit(high) / step) * step;
}

void choose_overlay(Draw& draw, ThermalRecipe& r, bool varied) {
  r.decimals = draw.whole(0, 1);
  r.letter_px = std::max(9.0, r.size.height / draw.between(26, 40));
  r.font = draw.one_of({0, 0, 0, 2, 3, 4});
  r.framed = draw.chance(0.7);
  r.boxed = draw.chance(0.4);
  r.unit_at_label = draw.chance(0.6);
  if (!varied) return;
  r.bar = draw.chance(0.7)   ? ThermalRecipe::Bar::right
          : draw.chance(0.5) ? ThermalRecipe::Bar::left
                             : ThermalRecipe::Bar::bottom;
  r.labels = draw.chance(0.75) ? ThermalRecipe::Labels::ends : ThermalRecipe::Labels::beside;
  r.fahrenheit = draw.chance(0.25);
  r.dark_text = draw.chance(0.15);
  if (r.dark_text) r.boxed = true;
  r.cross_hair = draw.chance(0.4);
}

ThermalRecipe laboratory(Draw& draw, ThermalRecipe r) {
  r.size = draw.one_of({cv::Size(640, 480), cv::Size(640, 480), cv::Size(480, 360)});
  r.tilt_deg = draw.chance(0.3) ? 90 : 0;
  r.width = draw.between(80, 110) / (r.tilt_deg > 45 ? r.size.width : r.size.height);
  r.centre = draw.between(0.35, 0.6);
  r.insulation = r.wall + draw.between(10, 16);
  r.texture = draw.between(0.05, 0.3);
  r.wall_texture = draw.between(0.3, 1);
  add_fault(draw, r, 0.012, 0.07, 0.06, 0.12, 0.45, 0.6);
  choose_overlay(draw, r, false);
  return r;
}

ThermalRecipe wide(Draw& draw, ThermalRecipe r) {
  r.tilt_deg = draw.chance(0.25) ? 90 : draw.between(-4, 4);
  r.width = draw.between(0.13, 0.26);
  r.centre = draw.between(0.35, 0.62);
  r.taper = draw.between(-0.12, 0.12);
  r.insulation = r.wall + draw.between(7, 18);
  r.along_kelvin = draw.between(-1.5, 1.5);
  r.texture = draw.between(0.05, 0.6);
  r.wall_texture = draw.between(0.3, 1.5);
  add_fault(draw, r, 0.02, 0.25, 0.12, 0.45, 0.42, 0.72);
  choose_overlay(draw, r, false);
  return r;
}

void clutter(Draw& draw, ThermalRecipe& r) {
  for (int i = draw.whole(0, 2); i > 0; --i) {
    r.branches.push_back({draw.between(0.1, 0.9), draw.between(-0.5, 0.5), draw.between(0.2, 0.5),
                          r.wall + (r.insulation - r.wall) * draw.between(0.5, 1.3), draw.chance(0.5)});
  }
  for (int i = draw.whole(0, 2); i > 0; --i) {
    const double y = r.centre < 0.5 ? draw.between(0.82, 0.95) : draw.between(0.05, 0.18);
    r.lamps.push_back({{draw.between(0.1, 0.8), y}, draw.between(0.02, 0.06), draw.between(40, 85), draw.chance(0.6)});
  }
}

ThermalRecipe hard(Draw& draw, ThermalRecipe r) {
  r.size =
      draw.one_of({cv::Size(320, 240), cv::Size(384, 288), cv::Size(480, 360), cv::Size(640, 480), cv::Size(640, 512),
                   cv::Size(800, 600), cv::Size(1024, 768), cv::Size(1280, 720), cv::Size(1280, 960)});
  r.tilt_deg = draw.between(-25, 25) + (draw.chance(0.3) ? 90 : 0);
  r.width = draw.between(0.07, 0.26);
  if (std::abs(r.tilt_deg) > 45) r.width *= double(r.size.height) / r.size.width;
  r.centre = draw.between(0.4, 0.6);
  r.taper = draw.between(-0.3, 0.3);
  r.wall = draw.between(12, 27);
  r.insulation = r.wall + draw.between(5, 20);
  r.along_kelvin = draw.between(-2, 2);
  r.texture = draw.between(0.05, 0.8);
  r.wall_texture = draw.between(0.3, 2);
  r.falloff = draw.between(0.08, 0.4);
  r.noise_kelvin = draw.between(0.05, 0.5);
  r.blur_px = draw.between(0.4, 1.4) * r.size.width / 640;
  r.palette = draw.one_of<const char*>({"iron", "rainbow", "grey", "iron2", "rainbow2", "hot", "inferno"});
  r.jpeg_quality = draw.whole(70, 95);
  add_fault(draw, r, 0.025, 0.2, 0.1, 0.4, 0.42, 0.72);
  clutter(draw, r);
  choose_overlay(draw, r, true);
  return r;
}

}  // namespace

std::optional<Regime> regime_of(const std::string& name) {
  if (name == "laboratory") return Regime::laboratory;
  if (name == "wide") return Regime::wide;
  if (name == "hard") return Regime::hard;
  return std::nullopt;
}

const char* diagnosis_of(PipeFault fault) {
  switch (fault) {
    case PipeFault::none:
      return "normal";
    case PipeFault::damaged:
      return "insulation_damaged";
    case PipeFault::missing:
      return "insulation_missing";
    case PipeFault::no_pipe:
      return "no_pipe";
  }
  return "no_pipe";
}

PipeFault laboratory_fault(std::size_t i) {
  constexpr std::size_t kNormal = 64, kDamaged = 101, kMissing = 43;
  const std::size_t at = i % (kNormal + kDamaged + kMissing);
  if (at < kNormal) return PipeFault::none;
  return at < kNormal + kDamaged ? PipeFault::damaged : PipeFault::missing;
}

ThermalRecipe thermal_recipe(Regime regime, std::uint64_t seed, std::optional<PipeFault> fault) {
  Draw draw(hash(seed, 77));
  ThermalRecipe r;
  r.seed = seed;
  const auto kinds = regime == Regime::hard ? 4 : 3;
  r.fault = fault.value_or(static_cast<PipeFault>(draw.whole(0, kinds - 1)));
  switch (regime) {
    case Regime::laboratory:
      r = laboratory(draw, r);
      break;
    case Regime::wide:
      r = wide(draw, r);
      break;
    case Regime::hard:
      r = hard(draw, r);
      break;
  }
  choose_scale(draw, r);
  return r;
}

}  // namespace lynceus::scenes
