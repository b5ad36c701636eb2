#include "plugins/health/content_watch.h"

#include <algorithm>
#include <cstring>

namespace lynceus::health {
namespace {

constexpr std::uint64_t kPrime = 0x9E37'79B9'7F4A'7C15;

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * kPrime;
  return hash ^ (hash >> 29);
}

std::uint64_t mix_bytes(std::uint64_t hash, const uchar* bytes, std::size_t size) {
  std::uint64_t word = 0;
  for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
    std::memcpy(&word, bytes, sizeof word);
    hash = mix(hash, word);
  }
  word = size;
  std::memcpy(&word, bytes, size);
  return mix(hash, word);
}

}  // namespace

std::uint64_t hash_content(const cv::Mat& luma, std::span<const Run> runs) {
  std::uint64_t hash = mix(kPrime, static_cast<std::uint64_t>(luma.cols) << 32 | static_cast<std::uint32_t>(luma.rows));
  for (const Run& run : runs) {
    hash = mix_bytes(hash, luma.ptr<uchar>(run.row) + run.begin, static_cast<std::size_t>(run.end - run.begin));
  }
  return hash;
}

bool ContentWatch::repeated(std::uint64_t hash) {
  const auto end = last_.begin() + static_cast<std::ptrdiff_t>(seen_);
  const bool known = std::find(last_.begin(), end, hash) != end;
  last_[next_] = hash;
  next_ = (next_ + 1) % last_.size();
  seen_ = std::min(seen_ + 1, last_.size());
  return known;
}

}  // namespace lynceus::health
