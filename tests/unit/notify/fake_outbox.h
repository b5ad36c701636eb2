// An Outbox in memory that does at once what it is told, and remembers what it was told.
// Thread: any.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alarms/outbox.h"

namespace lynceus::test {

/// A change of alarm number `alarm`: its id is "a<alarm>".
daemon::AlarmChange change_of(int alarm, std::int64_t revision,
                              daemon::AlarmChange::Type type = daemon::AlarmChange::Type::raised);

class FakeOutbox final : public daemon::Outbox {
 public:
  /// The row's number.
  std::int64_t owe(const std::string& sink, daemon::AlarmChange change, WallTime since = {});

  std::vector<daemon::Owed> pending(const std::string& sink, std::int64_t after, std::size_t limit) override;
  Backlog backlog(const std::string& sink) override;
  void delivered(const std::string& sink, const std::vector<std::int64_t>& rows) override;
  void refused(const std::string& sink, std::int64_t row, const std::string& why, WallTime next) override;
  void park(const std::string& sink, const std::string& alarm, const std::string& why) override;
  Page list(std::optional<daemon::Owed::State> state, const std::string& sink, std::int64_t after,
            std::size_t limit) override;
  void replay(std::int64_t row, std::function<void(bool)> done) override;
  void on_owed(std::function<void(const std::vector<std::string>& sinks)> wake) override;

  /// Tells whoever listens, as the desk does after a commit.
  void ring(const std::string& sink);
  std::optional<daemon::Owed> row(std::int64_t number) const;
  std::vector<std::int64_t> deliveries() const;  ///< rows in the order they were delivered
  std::size_t reads() const;
  std::size_t refusals() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::int64_t, daemon::Owed> rows_;
  std::vector<std::int64_t> delivered_;
  std::function<void(const std::vector<std::string>&)> wake_;
  std::int64_t last_ = 0;
  std::size_t reads_ = 0, refusals_ = 0;
};

}  // namespace lynceus::test
