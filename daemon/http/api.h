// What the daemon answers: the table of routes and what stands behind each, free of sockets.
//
// Owner: app. Thread: any, after construction. Pictures are named here and fetched by the server, which can wait.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/http/json.h"
#include "daemon/http/message.h"
#include "daemon/http/router.h"
#include "daemon/live/camera_status.h"
#include "daemon/live/live_board.h"

namespace lynceus::daemon::http {

class Api {
 public:
  struct Parts {
    const CameraDirectory& cameras;
    const LiveBoard& board;
    std::function<std::string()> metrics;  ///< text format
    std::function<std::string()> unready;  ///< why not ready; empty: ready
    VersionFacts version;
    std::vector<std::string> hosts;  ///< accepted besides loopback
  };

  explicit Api(Parts parts);
  Answer answer(const Request& request) const;

 private:
  void add_routes();
  void add_page();
  Answer camera(const Call& call) const;
  Answer observations(const Call& call) const;
  Answer picture(const Call& call, bool stream) const;

  const Parts parts_;
  Router router_;
};

/// Set on every response.
const std::vector<std::pair<std::string, std::string>>& security_headers();

}  // namespace lynceus::daemon::http
