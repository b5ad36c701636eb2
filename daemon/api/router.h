// A table of routes; nothing else is ever reached, no file system lies behind it. The same table makes the OpenAPI
// document (openapi.h), so a route that is not described does not exist.
//
// A pattern's `{name}` takes one path segment. Handlers run on the io threads and must not wait.
// Thread: add() before the first find(); then any.
//
//   router.add({.method = "GET", .pattern = "/api/v1/cameras/{id}", .summary = "One camera", .answer = "Camera",
//               .handler = [&](const Call& call) { return camera(call.path.at("id")); }});
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/tokens.h"
#include "daemon/api/message.h"

namespace lynceus::daemon::http {

/// Who asks, once the token has been looked at.
struct Identity {
  std::string name = "anonymous";  ///< of the token
  config::Role role = config::Role::view;
  enum class Via { nothing, bearer, cookie } via = Via::nothing;
};

struct Call {
  Fields path;  ///< by name of the pattern
  Fields query;
  const Request& request;
  Identity who;
};
using Handler = std::function<Answer(const Call&)>;

struct Parameter {
  const char* name;
  const char* help;
  const char* schema = R"({"type":"string"})";  ///< JSON Schema
};

struct Route {
  const char* method;
  std::string pattern;
  const char* summary;
  const char* answer = "";                                ///< schema's name, a media type, or empty for no body
  const char* body = "";                                  ///< schema's name of the request's body; empty: none
  std::optional<config::Role> role = config::Role::view;  ///< nothing: open to all
  std::vector<Parameter> query = {};  ///< others are refused (400): a misspelt one would be ignored in silence
  Handler handler = nullptr;

  bool changes() const { return std::string_view(method) != "GET"; }
};

class Router {
 public:
  void add(Route route);
  const std::vector<Route>& routes() const { return routes_; }

  struct Found {
    const Route* route;
    Call call;
  };
  /// 400 for a malformed target or an unknown query key, 404 for an unknown path, 405 for another method. HEAD finds
  /// what GET does.
  std::variant<Found, Response> find(const Request& request) const;

 private:
  struct Pattern {
    std::vector<std::string> segments;
  };
  std::vector<Route> routes_;
  std::vector<Pattern> patterns_;  ///< one a route
};

/// Calls the handler; 500 when it throws.
Answer run(const Route& route, const Call& call);

}  // namespace lynceus::daemon::http
