#include "daemon/api/event_hub.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <set>
#include <utility>

#include "daemon/api/json.h"

namespace lynceus::daemon::http {
namespace {

constexpr std::size_t kMostText = 64 * 1024;  // handed to a connection at once
constexpr std::size_t kWhole = 64;            // newest events that are kept, superseded or not

struct Event {
  std::uint64_t number = 0;
  std::string type, camera;
  std::string text;  ///< as sent
};

std::string frame(const std::string& id, const std::string& type, const std::string& json) {
  return (id.empty() ? "" : "id: " + id + "\n") + "event: " + type + "\ndata: " + json + "\n\n";
}

/// What a look at a camera would show as new.
std::string looks(const CameraStatus& camera, const SnapshotPtr& live) {
  std::string all = std::string(name(camera.source.state)) + '\n' + camera.source.reason;
  all += camera.enabled ? "\n1" : "\n0";
  if (live) all += '\n' + live->health + '\n' + name(live->light);
  return all;
}

/// What listeners are told of a camera's newest snapshot, made once for all of them.
class Told {
 public:
  struct Text {
    std::uint64_t version = 0;  ///< of the snapshot
    std::shared_ptr<const std::string> frame;
  };

  /// Of `live`, or of a newer one that somebody was told already.
  Text of(const std::string& camera, const SnapshotPtr& live) {
    std::lock_guard lock(mutex_);
    Text& text = texts_[camera];
    if (!text.frame || text.version < live->version) {
      text = {live->version, std::make_shared<std::string>(frame("", "observation", observations_json(camera, live)))};
      ++made_;
    }
    return text;
  }
  void forget(const std::string& camera) {
    std::lock_guard lock(mutex_);
    texts_.erase(camera);
  }
  std::uint64_t made() const {
    std::lock_guard lock(mutex_);
    return made_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Text> texts_;  // guarded by mutex_; by camera
  std::uint64_t made_ = 0;             // guarded by mutex_
};

}  // namespace

struct EventHub::Ring {
  mutable std::mutex mutex;
  std::uint64_t epoch = 0;                          // constant: tells the events of this daemon from another's
  std::uint64_t next = 1;                           // guarded by mutex
  std::size_t bytes = 0;                            // guarded by mutex
  std::deque<std::unique_ptr<const Event>> kept;    // guarded by mutex; numbers without a gap; null: superseded
  std::map<std::string, std::uint64_t> last_state;  // guarded by mutex; the newest camera_state kept, by camera
  std::list<std::function<void()>> wakes;           // guarded by mutex; one a listener
  Told observations;                                // has a lock of its own

  std::string id(std::uint64_t number) const { return std::to_string(epoch) + "-" + std::to_string(number); }
  std::uint64_t oldest() const { return next - kept.size(); }

  void keep(std::unique_ptr<const Event> event);
  void forget_superseded(std::uint64_t number);
  void drop_oldest();
};

void EventHub::Ring::keep(std::unique_ptr<const Event> event) {
  std::uint64_t before = 0;
  if (event->type == "camera_state") before = std::exchange(last_state[event->camera], event->number);
  next = event->number + 1;
  bytes += event->text.size();
  kept.push_back(std::move(event));
  // A state is told of whole, so what a later one replaces is of use only to who is about to read it.
  forget_superseded(before);
  if (next > kWhole) forget_superseded(next - kWhole - 1);
}

void EventHub::Ring::forget_superseded(std::uint64_t number) {
  if (number < oldest() || number + kWhole >= next) return;
  auto& event = kept[number - oldest()];
  if (!event || event->type != "camera_state" || last_state[event->camera] == number) return;
  bytes -= event->text.size();
  event.reset();
}

void EventHub::Ring::drop_oldest() {
  if (const auto& event = kept.front()) {
    bytes -= event->text.size();
    const auto last = last_state.find(event->camera);
    if (last != last_state.end() && last->second == event->number) last_state.erase(last);
  }
  kept.pop_front();
}

class EventHub::Listener final : public EventFeed {
 public:
  Listener(std::shared_ptr<Ring> ring, const LiveBoard& board, Clock& clock, Settings settings, Filter filter,
           std::string_view last_event_id)
      : ring_(std::move(ring)), board_(board), clock_(clock), settings_(settings), filter_(std::move(filter)) {
    std::lock_guard lock(ring_->mutex);
    at_ = ring_->next;
    greeting_ = "retry: 2000\n\n";
    if (last_event_id.empty()) {
      greeting_ += "id: " + ring_->id(at_ - 1) + "\n\n";
    } else if (const auto after = resumed(last_event_id)) {
      at_ = *after + 1;
      resumed_ = true;
    } else {
      greeting_ += frame(ring_->id(at_ - 1), "resync", "{}");
    }
  }

  ~Listener() override {
    std::lock_guard lock(ring_->mutex);
    if (wake_ != ring_->wakes.end()) ring_->wakes.erase(wake_);
  }

  void on_more(std::function<void()> wake) override {
    std::lock_guard lock(ring_->mutex);
    wake_ = ring_->wakes.insert(ring_->wakes.end(), std::move(wake));
  }

  std::optional<std::string> next() override {
    std::string text = std::exchange(greeting_, {});
    if (!take_events(text)) return std::nullopt;
    if (filter_.observations && text.size() < kMostText) take_observations(text);
    return text;
  }

 private:
  /// The number in an id of this daemon that the ring still reaches.
  std::optional<std::uint64_t> resumed(std::string_view id) const {
    const std::string prefix = std::to_string(ring_->epoch) + "-";
    if (!id.starts_with(prefix)) return std::nullopt;
    id.remove_prefix(prefix.size());
    std::uint64_t number = 0;
    const auto [last, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (id.empty() || error != std::errc{} || last != id.data() + id.size()) return std::nullopt;
    if (number >= ring_->next || number + 1 < ring_->oldest()) return std::nullopt;
    return number;
  }

  bool wanted(const Event& event) const {
    if (!filter_.camera.empty() && event.camera != filter_.camera) return false;
    return event.type == "alarm" ? filter_.alarms : event.type != "camera_state" || filter_.camera_states;
  }

  bool take_events(std::string& text) {
    std::lock_guard lock(ring_->mutex);
    // Who resumes may begin anywhere in the ring; from there on the bound holds.
    const bool behind = !resumed_ && ring_->next - at_ > settings_.lag;
    if (behind || at_ < ring_->oldest()) return false;
    while (at_ < ring_->next && text.size() < kMostText) {
      const auto& event = ring_->kept[at_ - ring_->oldest()];
      if (event && wanted(*event)) text += event->text;
      ++at_;
    }
    if (ring_->next - at_ < settings_.lag / 2) resumed_ = false;
    return true;
  }

  void take_observations(std::string& text) {
    const MonoTime now = clock_.now();
    if (now < observe_at_) return;
    observe_at_ = now + settings_.observe;
    for (const std::string& camera : filter_.camera.empty() ? board_.names() : std::vector{filter_.camera}) {
      const SnapshotPtr live = board_.newest(camera);
      if (!live || live->version <= seen_[camera]) continue;
      const Told::Text told = ring_->observations.of(camera, live);
      seen_[camera] = told.version;
      text += *told.frame;
    }
  }

  const std::shared_ptr<Ring> ring_;
  const LiveBoard& board_;
  Clock& clock_;
  const Settings settings_;
  const Filter filter_;
  std::string greeting_;
  std::uint64_t at_ = 0;
  bool resumed_ = false;
  std::list<std::function<void()>>::iterator wake_ = ring_->wakes.end();
  MonoTime observe_at_{};
  std::map<std::string, std::uint64_t> seen_;
};

bool EventHub::Filter::choose(std::string_view types) {
  if (types.empty()) return true;
  alarms = camera_states = observations = false;
  while (!types.empty()) {
    const auto end = types.find(',');
    const std::string_view word = types.substr(0, end);
    types = end == std::string_view::npos ? std::string_view{} : types.substr(end + 1);
    bool* chosen = word == "alarm"          ? &alarms
                   : word == "camera_state" ? &camera_states
                   : word == "observation"  ? &observations
                                            : nullptr;
    if (chosen == nullptr) return false;
    *chosen = true;
  }
  return true;
}

EventHub::EventHub(Settings settings, const LiveBoard& board, Clock& clock)
    : board_(board), clock_(clock), settings_(settings), ring_(std::make_shared<Ring>()) {
  ring_->epoch = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall().time_since_epoch()).count());
}

EventHub::~EventHub() = default;

void EventHub::publish(const std::string& type, const std::string& camera, const std::string& json) {
  auto event = std::make_unique<Event>();
  event->type = type;
  event->camera = camera;
  std::lock_guard lock(ring_->mutex);
  event->number = ring_->next;
  event->text = frame(ring_->id(event->number), type, json);
  event->text.shrink_to_fit();
  ring_->keep(std::move(event));
  while (ring_->kept.size() > settings_.events || (ring_->bytes > settings_.bytes && ring_->kept.size() > 1)) {
    ring_->drop_oldest();
  }
  for (const auto& wake : ring_->wakes) wake();
}

void EventHub::look(const std::vector<CameraStatus>& cameras) {
  std::map<std::string, std::string> now;
  for (const CameraStatus& camera : cameras) {
    const SnapshotPtr live = board_.newest(camera.id);
    std::string seen = looks(camera, live);
    const auto before = last_looks_.find(camera.id);
    if (before == last_looks_.end() || before->second != seen) {
      publish("camera_state", camera.id, camera_json(camera, live));
    }
    now.emplace(camera.id, std::move(seen));
  }
  for (const auto& [id, seen] : last_looks_) {
    if (now.contains(id)) continue;
    ring_->observations.forget(id);
    publish("camera_state", id, removed_camera_json(id));
  }
  last_looks_ = std::move(now);
}

std::shared_ptr<EventFeed> EventHub::listen(Filter filter, std::string_view last_event_id) {
  return std::make_shared<Listener>(ring_, board_, clock_, settings_, std::move(filter), last_event_id);
}

std::uint64_t EventHub::observations_made() const { return ring_->observations.made(); }

std::size_t EventHub::listeners() const {
  std::lock_guard lock(ring_->mutex);
  return ring_->wakes.size();
}

}  // namespace lynceus::daemon::http
