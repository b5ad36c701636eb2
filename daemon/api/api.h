// What the daemon answers: the table of routes and what stands behind each, free of sockets.
//
// Every request passes the Host check, the table, and Access (tokens, roles, foreign pages) before its handler runs.
// Pictures, files and events are named here and sent by the server, which can wait.
// Owner: app. Thread: any, after construction.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "daemon/api/access.h"
#include "daemon/api/alarm_routes.h"
#include "daemon/api/cached_text.h"
#include "daemon/api/control.h"
#include "daemon/api/json.h"
#include "daemon/api/message.h"
#include "daemon/api/router.h"
#include "daemon/live/camera_status.h"
#include "daemon/live/live_board.h"

namespace lynceus::daemon {
class MeasurementLog;
}

namespace lynceus::daemon::http {

class EventHub;

class Api {
 public:
  /// Pointers are null where the daemon has no such part: its routes answer 503.
  struct Parts {
    const CameraDirectory& cameras;
    const LiveBoard& board;
    std::function<std::string()> metrics;  ///< text format
    std::function<std::string()> unready;  ///< why not ready; empty: ready
    VersionFacts version;
    std::vector<std::string> hosts;  ///< accepted besides loopback
    AlarmParts alarms = {};
    Control* control = nullptr;
    EventHub* events = nullptr;
    const MeasurementLog* measurements = nullptr;
    TokenKeeper* tokens = nullptr;
    Access::Settings access = {};
    Clock* clock = &system_clock();
  };

  explicit Api(Parts parts);
  Answer answer(const Request& request);

  /// The OpenAPI 3.1 document, made from the table.
  const std::string& openapi() const { return openapi_; }
  const std::vector<Route>& routes() const { return router_.routes(); }

 private:
  void add_plain_routes();
  void add_camera_routes();
  void add_session_routes();
  void add_page();
  Answer cameras();
  Answer camera(const Call& call) const;
  Answer observations(const Call& call) const;
  Answer picture(const Call& call, bool stream) const;
  Answer measurements(const Call& call) const;
  Answer events(const Call& call) const;

  const Parts parts_;
  Access access_;
  Router router_;
  CachedText camera_list_;
  std::string openapi_;
};

/// Set on every response.
const std::vector<std::pair<std::string, std::string>>& security_headers();

}  // namespace lynceus::daemon::http
