// How often somebody may do something: a token bucket for each key, the number of keys bounded.
//
// When the table is full the bucket that is fullest goes first: forgetting it forgives least. Thread: any.
//
//   if (!failures.take(peer)) return problem(429, "…");
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace lynceus::daemon::http {

class RateLimit {
 public:
  struct Settings {
    double per_second = 1;
    double burst = 10;
    std::size_t keys = 4096;
  };

  RateLimit(Settings settings, Clock& clock) : settings_(settings), clock_(clock) {}

  /// False when this was once too often.
  bool take(const std::string& key);
  /// Whether take() would say yes; takes nothing.
  bool has(const std::string& key) const;

 private:
  struct Bucket {
    double tokens = 0;
    MonoTime at{};
  };
  double now_in(const Bucket& bucket, MonoTime now) const;
  void make_room(MonoTime now);

  const Settings settings_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;  // guarded by mutex_
};

/// What a peer is counted by: its address, of IPv6 the first 64 bits, since a host has all of those.
std::string peer_key(std::string_view address);

}  // namespace lynceus::daemon::http
