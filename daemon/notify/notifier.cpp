#include "daemon/notify/notifier.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "config/url.h"
#include "daemon/notify/lane.h"

namespace lynceus::daemon {
namespace {

using config::SinkSettings;
using notify::Lane;

std::unique_ptr<Lane> make_lane(const SinkSettings& sink, const Notifier::Parts& parts) {
  return sink.kind == SinkSettings::Kind::mqtt ? notify::make_mqtt_lane(sink, parts)
                                               : notify::make_webhook_lane(sink, parts);
}

Notifier::Status switched_off(const SinkSettings& sink) {
  Notifier::Status out;
  out.sink = sink.name;
  out.kind = sink.kind == SinkSettings::Kind::mqtt ? "mqtt" : "webhook";
  out.url = sink.kind == SinkSettings::Kind::mqtt ? "" : config::shown_web_url(sink.url);
  out.enabled = false;
  return out;
}

}  // namespace

struct Notifier::Impl {
  struct Entry {
    SinkSettings settings;
    std::shared_ptr<Lane> lane;  ///< null: switched off
  };

  /// What the desk's thread calls; outlives us there.
  struct Bell {
    std::mutex mutex;
    Impl* impl = nullptr;  // guarded by mutex
  };

  explicit Impl(Parts given) : parts(std::move(given)), bell(std::make_shared<Bell>()) {
    bell->impl = this;
    parts.outbox.on_owed([held = bell](const std::vector<std::string>& sinks) {
      std::lock_guard lock(held->mutex);
      if (held->impl != nullptr) held->impl->ring(sinks);
    });
  }

  ~Impl() {
    {
      std::lock_guard lock(bell->mutex);
      bell->impl = nullptr;
    }
    for (Entry& entry : entries) retire(std::move(entry.lane));
  }

  void ring(const std::vector<std::string>& sinks) {
    std::lock_guard lock(mutex);
    for (const Entry& entry : entries) {
      if (entry.lane && std::find(sinks.begin(), sinks.end(), entry.settings.name) != sinks.end()) entry.lane->owed();
    }
  }

  /// A lane may take a while to end (a name server that is silent); nobody waits for it before the very end.
  void retire(std::shared_ptr<Lane> lane) {
    if (!lane) return;
    lane->stop();
    retired.push_back(std::move(lane));
  }

  /// Of a sink that is no more, or switched off, nothing may stay raised.
  void withdraw(const std::string& sink) const {
    if (!parts.condition) return;
    for (const char* kind : {"delivery_failing", "sink_disabled"}) {
      sdk::Condition over;
      over.kind = kind;
      over.zone = sink;
      parts.condition(over);
    }
  }

  bool runs(const std::string& sink) const {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const Entry& e) { return e.lane && e.settings.name == sink; });
  }

  Entry keep_or_make(const SinkSettings& sink) {
    const auto same = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.settings == sink; });
    if (same == entries.end()) return {sink, sink.enabled ? std::shared_ptr(make_lane(sink, parts)) : nullptr};
    if (same->lane) same->lane->revive();
    return {sink, std::move(same->lane)};
  }

  std::shared_ptr<Lane> find(const std::string& sink) const {
    std::lock_guard lock(mutex);
    for (const Entry& entry : entries) {
      if (entry.settings.name == sink) return entry.lane;
    }
    return nullptr;
  }

  Parts parts;
  std::shared_ptr<Bell> bell;
  mutable std::mutex mutex;
  std::vector<Entry> entries;                  // guarded by mutex
  std::vector<std::shared_ptr<Lane>> retired;  // guarded by mutex
};

Notifier::Notifier(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
Notifier::~Notifier() = default;

void Notifier::configured(const config::NotifySettings& settings) {
  std::lock_guard lock(impl_->mutex);
  std::erase_if(impl_->retired, [](const auto& lane) { return lane->ended(); });
  std::vector<Impl::Entry> next;
  for (const SinkSettings& sink : settings.sinks) next.push_back(impl_->keep_or_make(sink));
  std::swap(impl_->entries, next);
  for (Impl::Entry& gone : next) {
    if (!gone.lane) continue;
    impl_->retire(std::move(gone.lane));
    if (!impl_->runs(gone.settings.name)) impl_->withdraw(gone.settings.name);
  }
}

void Notifier::refresh() {
  std::lock_guard lock(impl_->mutex);
  for (const Impl::Entry& entry : impl_->entries) {
    if (entry.lane) entry.lane->refresh();
  }
}

std::vector<Notifier::Status> Notifier::sinks() const {
  std::lock_guard lock(impl_->mutex);
  std::vector<Status> out;
  for (const Impl::Entry& entry : impl_->entries)
    out.push_back(entry.lane ? entry.lane->status() : switched_off(entry.settings));
  return out;
}

void Notifier::test(const std::string& sink, std::function<void(bool, bool, const std::string&)> done) {
  const auto lane = impl_->find(sink);
  if (!lane) return done(false, false, "there is no sink of that name that is switched on");
  lane->test([done = std::move(done)](bool delivered, const std::string& line) { done(true, delivered, line); });
}

}  // namespace lynceus::daemon
