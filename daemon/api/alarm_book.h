// What the API needs of the alarms: an interface, so that the routes are tested without desk and database.
// desk_book.h stands it on the AlarmDesk. Thread: any.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/alarms/alarm_desk.h"

namespace lynceus::daemon::http {

class AlarmBook {
 public:
  using Done = AlarmDesk::Done;

  virtual ~AlarmBook() = default;
  virtual AlarmDesk::Page list(const AlarmDesk::Query& query) const = 0;
  virtual std::optional<Alarm> find(const std::string& id) const = 0;
  virtual std::optional<WallTime> site_shelved_until() const = 0;

  virtual void acknowledge(const std::string& id, const std::string& who, Done done) = 0;
  virtual void shelve(const std::string& id, std::chrono::minutes time, const std::string& who, Done done) = 0;
  virtual void shelve_site(std::chrono::minutes time, const std::string& who, Done done) = 0;
  virtual void clear(const std::string& id, const std::string& who, Done done) = 0;
};

}  // namespace lynceus::daemon::http
