// A table of routes; nothing else is ever reached, no file system lies behind it.
//
// A pattern's `{name}` takes one path segment. Handlers run on the io threads and must not wait.
// Thread: get() before the first route(); then any.
//
//   router.get("/api/v1/cameras/{id}", [&](const Call& call) { return camera(call.path.at("id")); });
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.h"

namespace lynceus::daemon::http {

struct Call {
  Fields path;  ///< by name of the pattern
  Fields query;
};
using Handler = std::function<Answer(const Call&)>;

class Router {
 public:
  /// Query keys that are not named are refused (400): a misspelt one would be ignored in silence.
  void get(std::string_view pattern, Handler handler, std::vector<std::string> query_keys = {});

  /// 400 for a malformed target, 404 for an unknown one, 405 for a method other than GET, 500 when the handler throws.
  Answer route(const Request& request) const;

 private:
  struct Route {
    std::vector<std::string> segments;
    Handler handler;
    std::vector<std::string> query_keys;
  };
  std::vector<Route> routes_;
};

}  // namespace lynceus::daemon::http
