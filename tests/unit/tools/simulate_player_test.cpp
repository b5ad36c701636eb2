#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <vector>

#include "tests/support/catch.h"
#include "tools/simulate/channel.h"
#include "tools/simulate/player.h"

namespace lynceus::tools {
namespace {

constexpr std::size_t kUnits = 8, kGop = 4;

ClipPtr clip_of(std::size_t units, double fps = 10) {
  Clip clip;
  clip.fps = fps;
  const std::array<std::byte, 200> bytes{};
  for (std::size_t i = 0; i < units; ++i) clip.append(bytes, i % kGop == 0);
  return std::make_shared<const Clip>(std::move(clip));
}

std::vector<std::size_t> units_of(Player& player, int count, const Effects& effects = {}) {
  std::vector<std::size_t> units;
  while (count-- > 0) units.push_back(player.next(effects).unit);
  return units;
}

TEST_CASE("a client begins at an intra picture and goes round") {
  const Channel channel(clip_of(kUnits));
  Player player(channel, 6);
  REQUIRE(units_of(player, 6) == std::vector<std::size_t>{4, 5, 6, 7, 0, 1});
  REQUIRE(player.next({}).lasts_ns == 100'000'000);
}

TEST_CASE("frozen is one intra picture; afterwards it begins at one") {
  const Channel channel(clip_of(kUnits));
  Player player(channel, 0);
  Effects freeze;
  freeze.freeze = true;
  units_of(player, 3);
  REQUIRE(units_of(player, 3, freeze) == std::vector<std::size_t>{0, 0, 0});
  const Shot next = player.next({});
  REQUIRE(next.clip->units[next.unit].key);
}

TEST_CASE("stalled sends nothing; afterwards no picture lacks its reference") {
  const Channel channel(clip_of(kUnits));
  Player player(channel, 0);
  Effects stall;
  stall.stall = true;
  units_of(player, 2);
  REQUIRE(player.next(stall).silent);
  units_of(player, 3, stall);
  const Shot next = player.next({});
  REQUIRE_FALSE(next.silent);
  REQUIRE(next.clip->units[next.unit].key);
}

TEST_CASE("another clip begins at its own intra picture, and so does the way back") {
  Channel channel(clip_of(kUnits));
  channel.put(Variant::black, clip_of(3));
  Player player(channel, 0);
  units_of(player, 6);
  Effects black;
  black.variant = Variant::black;
  const Shot shot = player.next(black);
  REQUIRE(shot.clip == channel.clip(Variant::black));
  REQUIRE(shot.unit == 0);
  units_of(player, 20, black);
  const Shot back = player.next({});
  REQUIRE(back.clip == channel.clip(Variant::plain));
  REQUIRE(back.clip->units[back.unit].key);
}

TEST_CASE("a clip that is not prepared is the plain one") {
  const Channel channel(clip_of(kUnits));
  REQUIRE(channel.clip(Variant::move) == channel.clip(Variant::plain));
  REQUIRE_FALSE(channel.has(Variant::move));
}

TEST_CASE("slow lasts twice as long") {
  const Channel channel(clip_of(kUnits));
  Player player(channel, 0);
  Effects slow;
  slow.slow = true;
  REQUIRE(player.next(slow).lasts_ns == 200'000'000);
}

TEST_CASE("spoiled bytes keep their head and are the same for the same seed") {
  const auto clip = clip_of(1);
  std::mt19937_64 one(1), again(1);
  const auto bytes = spoil(clip->unit(0), Codec::h264, one);
  REQUIRE(bytes.size() == clip->unit(0).size());
  REQUIRE(std::equal(bytes.begin(), bytes.begin() + 48, clip->unit(0).begin()));
  REQUIRE_FALSE(std::equal(bytes.begin(), bytes.end(), clip->unit(0).begin()));
  REQUIRE(bytes == spoil(clip->unit(0), Codec::h264, again));
  REQUIRE(spoil(std::span<const std::byte>{}, Codec::mjpeg, one).empty());
}

}  // namespace
}  // namespace lynceus::tools
