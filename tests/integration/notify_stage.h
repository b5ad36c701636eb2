// A Notifier with io threads and an outbox in memory, as the daemon has them but for the desk.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/notify/notifier.h"
#include "tests/unit/notify/fake_outbox.h"

namespace lynceus::test {

class NotifyStage {
 public:
  explicit NotifyStage(std::vector<config::SinkSettings> sinks) {
    log::capture([](std::string_view) {});
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
    notifier_.emplace(parts());
    configure(std::move(sinks));
  }
  ~NotifyStage() {
    notifier_.reset();
    work_.reset();
    io_.stop();
    for (std::jthread& thread : threads_) thread.join();
    log::capture({});
  }

  void configure(std::vector<config::SinkSettings> sinks) {
    config::NotifySettings settings;
    settings.sinks = std::move(sinks);
    notifier_->configured(settings);
  }
  void owe(const std::string& sink, daemon::AlarmChange change) {
    outbox.owe(sink, std::move(change));
    outbox.ring(sink);
  }
  bool all_delivered(const std::string& sink, std::chrono::milliseconds within = std::chrono::seconds{20}) {
    return until([&] { return outbox.backlog(sink).pending == 0; }, within);
  }
  /// What a test message came to: "known delivered line".
  std::string test(const std::string& sink) {
    std::optional<std::string> said;
    notifier_->test(sink, [&](bool known, bool delivered, const std::string& line) {
      std::lock_guard lock(mutex_);
      said = std::string(known ? "known " : "unknown ") + (delivered ? "delivered " : "failed ") + line;
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return said.has_value(); });
    return said.value_or("(nothing)");
  }
  /// Looks every few milliseconds: what is waited for is told by nobody.
  template <class Ready>
  bool until(Ready ready, std::chrono::milliseconds within = std::chrono::seconds{20}) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (!ready()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(5));
    }
    return true;
  }
  daemon::Notifier& notifier() { return *notifier_; }
  void end_notifier() { notifier_.reset(); }
  std::vector<sdk::Condition> conditions() {
    std::lock_guard lock(mutex_);
    return conditions_;
  }
  std::vector<std::pair<std::string, bool>> enabled() {
    std::lock_guard lock(mutex_);
    return enabled_;
  }

  FakeOutbox outbox;
  std::vector<daemon::Alarm> raised;

 private:
  daemon::Notifier::Parts parts() {
    return {.io = io_,
            .outbox = outbox,
            .clock = system_clock(),
            .site = "works",
            .version = "1.2.3",
            .condition =
                [this](const sdk::Condition& condition) {
                  std::lock_guard lock(mutex_);
                  conditions_.push_back(condition);
                  changed_.notify_all();
                },
            .counted = {},
            .enable =
                [this](const std::string& camera, bool on) {
                  std::lock_guard lock(mutex_);
                  enabled_.emplace_back(camera, on);
                  changed_.notify_all();
                },
            .raised = [this] { return raised; },
            .cameras =
                [] {
                  return std::vector<std::pair<std::string, std::string>>{{"door", "Front door"}};
                },
            .kinds = [](const std::string&) { return std::vector<std::string>{"dwell"}; }};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<sdk::Condition> conditions_;             // guarded by mutex_
  std::vector<std::pair<std::string, bool>> enabled_;  // guarded by mutex_
  boost::asio::io_context io_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_{io_.get_executor()};
  std::vector<std::jthread> threads_;
  std::optional<daemon::Notifier> notifier_;
};

}  // namespace lynceus::test
