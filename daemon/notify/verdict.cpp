#include "daemon/notify/verdict.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <system_error>

namespace lynceus::daemon::notify {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestAsked{24 * 3600 * 1000};
constexpr std::int64_t kFirstWait_ms = 1000, kLongestWait_ms = 300'000;

/// Those that may pass when somebody mends something: credentials, addresses, clocks.
bool may_pass(int status) {
  return status == 401 || status == 403 || status == 404 || status == 408 || status == 425 || status == 429;
}

milliseconds bounded(std::int64_t seconds) {
  const std::int64_t most = kLongestAsked.count() / 1000;
  return milliseconds{std::clamp<std::int64_t>(seconds, 0, most) * 1000};
}

}  // namespace

std::string Answer::line() const {
  if (reach != Reach::answered) return detail;
  return "HTTP " + std::to_string(status) + (detail.empty() ? "" : ": " + detail);
}

Verdict judge(const Answer& answer, WallTime now) {
  using Kind = Verdict::Kind;
  Verdict out{Kind::later, {}, answer.line()};
  if (answer.reach == Answer::Reach::unreachable) out.kind = Kind::unreachable;
  if (answer.reach != Answer::Reach::answered) return out;
  const int status = answer.status;
  if (status >= 200 && status < 300) out.kind = Kind::delivered;
  if (status == 410) out.kind = Kind::gone;
  if (status == 429) out.kind = Kind::slow_down;
  if (status == 429 || status == 503) out.wait = parse_retry_after(answer.retry_after, now);
  if (status >= 400 && status < 500 && status != 410 && !may_pass(status)) out.kind = Kind::refused;
  return out;
}

std::optional<milliseconds> parse_retry_after(std::string_view text, WallTime now) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty() || text.size() > 64) return {};
  std::uint64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size()) {
    if (error == std::errc::result_out_of_range) return kLongestAsked;
    if (error == std::errc{}) return bounded(static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, 1u << 30)));
  }
  std::tm date{};
  const std::string owned(text);
  const char* rest = strptime(owned.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (rest == nullptr || *rest != '\0') return {};
  const auto wait = std::chrono::system_clock::from_time_t(timegm(&date)) - now;
  return bounded(std::chrono::ceil<std::chrono::seconds>(wait).count());
}

milliseconds backoff(int attempts, double random) {
  const int doublings = std::clamp(attempts - 1, 0, 20);
  const std::int64_t base = std::min(kFirstWait_ms << doublings, kLongestWait_ms);
  return milliseconds{static_cast<std::int64_t>(static_cast<double>(base) * (0.8 + 0.4 * random))};
}

}  // namespace lynceus::daemon::notify
