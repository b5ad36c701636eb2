#include "daemon/alarms/uuid7.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace lynceus::daemon {
namespace {

std::mt19937_64 seeded() {
  std::random_device device;  // getrandom: two daemons never share a sequence
  std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

}  // namespace

Uuid7::Uuid7() : random_(seeded()) {}

std::string Uuid7::next(WallTime now) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(since, 0)) & 0xffff'ffff'ffffU;
  last_ = std::max((ms << 12) | (random_() & 0x7ffU), last_ + 1);
  const std::uint64_t low = (random_() & 0x3fff'ffff'ffff'ffffU) | 0x8000'0000'0000'0000U;
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-7%03x-%04x-%012llx", static_cast<unsigned>(last_ >> 28),
                static_cast<unsigned>((last_ >> 12) & 0xffffU), static_cast<unsigned>(last_ & 0xfffU),
                static_cast<unsigned>(low >> 48), static_cast<unsigned long long>(low & 0xffff'ffff'ffffU));
  return text;
}

}  // namespace lynceus::daemon
