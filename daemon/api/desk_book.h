// The AlarmBook of the daemon: its AlarmDesk. Owner: app. Thread: any.
#pragma once

#include <string>
#include <utility>

#include "daemon/api/alarm_book.h"

namespace lynceus::daemon::http {

class DeskBook final : public AlarmBook {
 public:
  explicit DeskBook(AlarmDesk& desk) : desk_(desk) {}

  AlarmDesk::Page list(const AlarmDesk::Query& query) const override { return desk_.list(query); }
  std::optional<Alarm> find(const std::string& id) const override { return desk_.find(id); }
  std::optional<WallTime> site_shelved_until() const override { return desk_.site_shelved_until(); }

  void acknowledge(const std::string& id, const std::string& who, Done done) override {
    desk_.acknowledge(id, who, std::move(done));
  }
  void shelve(const std::string& id, std::chrono::minutes time, const std::string& who, Done done) override {
    desk_.shelve(id, time, who, std::move(done));
  }
  void shelve_site(std::chrono::minutes time, const std::string& who, Done done) override {
    desk_.shelve_site(time, who, std::move(done));
  }
  void clear(const std::string& id, const std::string& who, Done done) override {
    desk_.clear(id, who, std::move(done));
  }

 private:
  AlarmDesk& desk_;
};

}  // namespace lynceus::daemon::http
