#include "tools/simulate/player.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lynceus::tools {
namespace {

constexpr std::size_t kKeptHead = 48;    // start codes, parameter sets and the first slice's header mostly
constexpr std::size_t kSpoilEvery = 23;  // bytes

}  // namespace

void Player::follow(const Effects& effects) {
  if (std::exchange(frozen_, effects.freeze) && !effects.freeze) broken_ = true;
  if (clip_ && variant_ == effects.variant) return;
  variant_ = effects.variant;
  clip_ = channel_.clip(variant_);
  broken_ = true;
}

Shot Player::next(const Effects& effects) {
  follow(effects);
  if (broken_) unit_ = clip_->key_at_or_before(position_ % clip_->units.size());
  const bool first = std::exchange(broken_, false);
  if (effects.freeze && !first) unit_ = clip_->key_at_or_before(unit_);

  Shot shot{clip_, unit_, effects.stall, effects.garbage && !first, 0};
  shot.lasts_ns = static_cast<std::int64_t>(std::llround(1e9 / clip_->fps * (effects.slow ? 2 : 1)));
  ++position_;
  if (effects.freeze) return shot;
  unit_ = (unit_ + 1) % clip_->units.size();
  if (effects.stall) broken_ = true;
  return shot;
}

std::vector<std::byte> spoil(std::span<const std::byte> unit, Codec codec, std::mt19937_64& random) {
  std::vector<std::byte> bytes(unit.begin(), unit.end());
  const std::size_t head = codec == Codec::mjpeg ? std::min<std::size_t>(bytes.size(), 700) : kKeptHead;
  for (std::size_t i = head + random() % kSpoilEvery; i < bytes.size(); i += 1 + random() % (2 * kSpoilEvery))
    bytes[i] = static_cast<std::byte>(random() & 0xff);
  return bytes;
}

}  // namespace lynceus::tools
