// Server-Sent Events: what happened, in order, for any number of listeners, each with its own place in one ring.
//
// Nothing is queued per listener, so listeners cost nothing and hold up nobody; one that falls `lag` events behind is
// let go. The ring holds more than that: who comes back with Last-Event-ID goes on where he was, or hears `resync`
// first (then lists are to be fetched again) when it was too long ago or another daemon. Of a camera's states older
// than the last 64 events only the newest is kept. Observations are not kept at all: each listener gets the newest of a
// camera, at most twice a second, of one text made for all. Owner: app. Thread: any.
//
//   hub.publish("alarm", alarm.camera, to_json(alarm));   return EventsAnswer{hub.listen(filter, last_event_id)};
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "daemon/api/message.h"
#include "daemon/live/camera_status.h"
#include "daemon/live/live_board.h"

namespace lynceus::daemon::http {

class EventHub {
 public:
  struct Settings {
    std::size_t events = 4096;  ///< kept for those who come back
    std::size_t bytes = std::size_t{8} << 20;
    std::size_t lag = 1024;  ///< a listener further behind is let go
    std::chrono::milliseconds observe{500};
  };
  struct Filter {
    bool alarms = true, camera_states = true, observations = true;
    std::string camera;  ///< empty: all
    /// "alarm,observation"; empty: all. False for an unknown word.
    bool choose(std::string_view types);
  };

  EventHub(Settings settings, const LiveBoard& board, Clock& clock);
  ~EventHub();

  /// `json` is the event's data, of one line.
  void publish(const std::string& type, const std::string& camera, const std::string& json);
  /// Publishes camera_state of each camera that differs from the last look: state, reason, health, light, enabled.
  void look(const std::vector<CameraStatus>& cameras);

  std::shared_ptr<EventFeed> listen(Filter filter, std::string_view last_event_id);
  std::size_t listeners() const;
  /// How many texts of observations were made; that many, however many listen.
  std::uint64_t observations_made() const;

 private:
  class Listener;
  struct Ring;

  const LiveBoard& board_;
  Clock& clock_;
  const Settings settings_;
  const std::shared_ptr<Ring> ring_;               ///< outlived by listeners of connections that end late
  std::map<std::string, std::string> last_looks_;  ///< the housekeeping thread's, by camera
};

}  // namespace lynceus::daemon::http
