#include "daemon/http/router.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "base/log.h"
#include "daemon/http/problem.h"

namespace lynceus::daemon::http {
namespace {

std::optional<Fields> match(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return std::nullopt;
  Fields path;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string& want = pattern[i];
    if (want.size() > 2 && want.front() == '{') {
      if (segments[i].empty()) return std::nullopt;
      path[want.substr(1, want.size() - 2)] = segments[i];
    } else if (want != segments[i]) {
      return std::nullopt;
    }
  }
  return path;
}

Answer run(const Handler& handler, const Call& call) {
  try {
    return handler(call);
  } catch (const std::exception& e) {
    log::error("http", "a handler failed", {{"why", e.what()}});
    return problem(500, "the daemon could not answer; its log says why");
  }
}

}  // namespace

void Router::get(std::string_view pattern, Handler handler, std::vector<std::string> query_keys) {
  // Braces are no part of a valid target, so the pattern is taken apart by the same function.
  routes_.push_back({parse_target(pattern).value().segments, std::move(handler), std::move(query_keys)});
}

Answer Router::route(const Request& request) const {
  const auto target = parse_target(request.target);
  if (!target) return problem(400, "the request's target is malformed");
  for (const Route& route : routes_) {
    const auto path = match(route.segments, target->segments);
    if (!path) continue;
    if (request.method != "GET") {
      Response refused = problem(405, "only GET is answered here");
      refused.headers.emplace_back("Allow", "GET");
      return refused;
    }
    for (const auto& [key, value] : target->query) {
      if (std::find(route.query_keys.begin(), route.query_keys.end(), key) == route.query_keys.end()) {
        return problem(400, "unknown query parameter: " + key);
      }
    }
    return run(route.handler, Call{*path, target->query});
  }
  return problem(404, "nothing is here");
}

}  // namespace lynceus::daemon::http
