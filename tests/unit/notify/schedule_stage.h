// A schedule with an outbox in memory and time turned by hand: what every test of it begins with.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/notify/schedule.h"
#include "tests/unit/notify/fake_outbox.h"

namespace lynceus::test {

using daemon::notify::Now;
using daemon::notify::Parcel;
using daemon::notify::Schedule;
using daemon::notify::Verdict;
using Kind = Verdict::Kind;
using Rows = std::vector<std::int64_t>;

inline Rows rows_of(const Parcel& parcel) {
  Rows out;
  for (const auto& row : parcel.rows) out.push_back(row.row);
  return out;
}

struct Stage {
  explicit Stage(Schedule::Settings settings = {.sink = "ops"}) : schedule(settings, outbox, [] { return 0.5; }) {}

  std::int64_t owe(int alarm, std::int64_t revision = 1) {
    const auto row = outbox.owe("ops", change_of(alarm, revision));
    schedule.owed();
    return row;
  }
  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    now.wall += time;
  }
  std::optional<Parcel> next(std::size_t most = 8) { return schedule.next(now, most); }
  /// The rows of the next parcel; empty: none.
  Rows next_rows(std::size_t most = 8) {
    const auto parcel = next(most);
    if (parcel) last = parcel->id;
    return parcel ? rows_of(*parcel) : Rows{};
  }
  Schedule::Report done(const Verdict& verdict) { return schedule.done(last, verdict, now); }
  /// How long until there is something to ask for.
  std::chrono::milliseconds wait(std::size_t most = 8) {
    const MonoTime at = schedule.wake_at(now, most);
    return at == MonoTime::max() ? std::chrono::hours{1000}
                                 : std::chrono::ceil<std::chrono::milliseconds>(at - now.mono);
  }

  FakeOutbox outbox;
  Schedule schedule;
  Now now{MonoTime{std::chrono::seconds{100}}, WallTime{std::chrono::seconds{1'800'000'000}}};
  std::uint64_t last = 0;
};

inline const Verdict kDelivered{Kind::delivered, {}, {}};
inline const Verdict kLater{Kind::later, {}, "HTTP 500"};
inline const Verdict kRefused{Kind::refused, {}, "HTTP 400"};
inline const Verdict kUnreachable{Kind::unreachable, {}, "connecting: refused"};

}  // namespace lynceus::test
