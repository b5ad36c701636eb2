// A broker's lane: a thread that connects, talks, and connects again.
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "base/log.h"
#include "daemon/notify/lane.h"
#include "daemon/notify/mqtt_link.h"
#include "daemon/notify/mqtt_talk.h"

namespace lynceus::daemon::notify {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestTurn{1000};  // keep-alive is looked after so often

/// Wakes a thread that waits in poll().
class Bell {
 public:
  Bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Bell() { ::close(fd_); }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
  }
  void silence() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(fd_, &count, sizeof count);
  }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

class MqttLane final : public Lane {
 public:
  MqttLane(const config::SinkSettings& sink, const Notifier::Parts& parts)
      : sink_(sink),
        site_(parts.site),
        clock_(parts.clock),
        talk_(talk_parts(parts)),
        thread_([this](std::stop_token stop) { run(stop); }) {}
  ~MqttLane() override {
    stop();
    thread_.join();
  }

  void owed() override {
    owed_ = true;
    bell_.ring();
  }
  void refresh() override {
    leave([](MqttTalk& talk) { talk.refresh(); });
  }
  void revive() override {}
  void test(std::function<void(bool, const std::string&)> done) override {
    if (!leave([done](MqttTalk& talk) { talk.test(done); })) done(false, "busy");
  }
  void stop() override {
    thread_.request_stop();
    bell_.ring();
  }
  bool ended() const override { return ended_; }

  Notifier::Status status() const override {
    std::lock_guard lock(mutex_);
    return {sink_.name, "mqtt", url(), true, healthy_, last_error_};
  }

 private:
  using Note = std::function<void(MqttTalk&)>;
  static constexpr std::size_t kMostNotes = 64;

  std::string url() const {
    return (sink_.tls ? "mqtts://" : "mqtt://") + sink_.host + ":" + std::to_string(port_of(sink_));
  }
  std::string client_id() const {
    return sink_.client_id.empty() ? "lynceus-" + site_ + "-" + sink_.name : sink_.client_id;
  }

  MqttTalk::Parts talk_parts(const Notifier::Parts& parts) {
    return {.sink = sink_,
            .site = parts.site,
            .version = parts.version,
            .outbox = parts.outbox,
            .random = [this] { return std::uniform_real_distribution<double>(0, 1)(random_); },
            .now =
                [this] {
                  return Now{clock_.now(), clock_.wall()};
                },
            .counted =
                [counted = parts.counted, name = sink_.name](const std::string& result) {
                  if (counted) counted(name, result);
                },
            .condition = parts.condition,
            .enable = parts.enable,
            .raised = parts.raised,
            .cameras = parts.cameras,
            .kinds = parts.kinds};
  }

  /// For the thread, which alone talks; false when it has too much to read.
  bool leave(Note note) {
    {
      std::lock_guard lock(mutex_);
      if (notes_.size() >= kMostNotes) return false;
      notes_.push_back(std::move(note));
    }
    bell_.ring();
    return true;
  }

  void read_notes() {
    bell_.silence();
    std::deque<Note> notes;
    {
      std::lock_guard lock(mutex_);
      notes.swap(notes_);
      healthy_ = talk_.health().healthy();
      last_error_ = talk_.health().last_error();
    }
    if (owed_.exchange(false)) talk_.owed();
    for (const Note& note : notes) note(talk_);
  }

  void run(std::stop_token stop) {
    MonoTime again = clock_.now();
    while (!stop.stop_requested()) {
      try {
        rest(stop, again);
        if (!stop.stop_requested()) again = talk_.lost(converse(stop));
      } catch (const std::exception& error) {  // the database, or no memory: neither may end the daemon
        again = talk_.lost(error.what());
      }
    }
    ended_ = true;
  }

  /// Until the next attempt.
  void rest(std::stop_token stop, MonoTime until) {
    while (!stop.stop_requested()) {
      read_notes();
      const MonoTime next = std::min(until, talk_.pump());
      const auto left = std::chrono::ceil<milliseconds>(next - clock_.now());
      if (clock_.now() >= until) return;
      pollfd fd{bell_.fd(), POLLIN, 0};
      poll(&fd, 1, static_cast<int>(std::clamp(left, milliseconds{0}, kLongestTurn).count()));
    }
  }

  /// One connection from its beginning to its end; why it ended.
  std::string converse(std::stop_token stop) {
    if (std::string why = probe(sink_.host, port_of(sink_), sink_.timeout, stop); !why.empty()) return why;
    MqttLink link(sink_, client_id(), talk_.will(), talk_);
    talk_.use(&link);
    link.open();
    const MonoTime begun = clock_.now();
    while (!stop.stop_requested()) {
      read_notes();
      const MonoTime next = link.is_connected() ? talk_.pump() : MonoTime::max();
      const auto left = next == MonoTime::max() ? kLongestTurn : std::chrono::ceil<milliseconds>(next - clock_.now());
      std::string why = link.turn(bell_.fd(), std::clamp(left, milliseconds{0}, kLongestTurn));
      if (!why.empty()) return why;
      const auto since = link.is_connected() ? talk_.silent_since() : begun;
      if (since && clock_.now() - *since > sink_.timeout) return "the broker: nothing within the time";
    }
    if (link.is_connected()) link.publish(talk_.will().topic, talk_.will().payload, true);
    link.close();
    return "ended";
  }

  const config::SinkSettings sink_;
  const std::string site_;
  Clock& clock_;
  Bell bell_;
  mutable std::mutex mutex_;
  std::deque<Note> notes_;  // guarded by mutex_
  bool healthy_ = true;     // guarded by mutex_
  std::string last_error_;  // guarded by mutex_
  std::atomic<bool> owed_ = false, ended_ = false;
  // Of the thread:
  std::mt19937_64 random_{std::random_device{}()};
  MqttTalk talk_;
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<Lane> make_mqtt_lane(const config::SinkSettings& sink, const Notifier::Parts& parts) {
  return std::make_unique<MqttLane>(sink, parts);
}

}  // namespace lynceus::daemon::notify
