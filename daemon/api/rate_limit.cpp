#include "daemon/api/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>

namespace lynceus::daemon::http {

double RateLimit::now_in(const Bucket& bucket, MonoTime now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  return std::min(settings_.burst, bucket.tokens + seconds * settings_.per_second);
}

void RateLimit::make_room(MonoTime now) {
  if (buckets_.size() < settings_.keys) return;
  std::erase_if(buckets_, [&](const auto& row) { return now_in(row.second, now) >= settings_.burst; });
  while (buckets_.size() >= settings_.keys) {
    buckets_.erase(std::max_element(buckets_.begin(), buckets_.end(), [&](const auto& a, const auto& b) {
      return now_in(a.second, now) < now_in(b.second, now);
    }));
  }
}

bool RateLimit::take(const std::string& key) {
  const MonoTime now = clock_.now();
  std::lock_guard lock(mutex_);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    make_room(now);
    found = buckets_.emplace(key, Bucket{settings_.burst, now}).first;
  }
  Bucket& bucket = found->second;
  bucket = {now_in(bucket, now), now};
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

bool RateLimit::has(const std::string& key) const {
  std::lock_guard lock(mutex_);
  const auto found = buckets_.find(key);
  return found == buckets_.end() || now_in(found->second, clock_.now()) >= 1;
}

std::string peer_key(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1 || IN6_IS_ADDR_V4MAPPED(&six)) return text;
  return std::string(reinterpret_cast<const char*>(six.s6_addr), 8);
}

}  // namespace lynceus::daemon::http
