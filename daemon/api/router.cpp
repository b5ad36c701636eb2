#include "daemon/api/router.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <utility>

#include "base/log.h"
#include "daemon/api/problem.h"

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

bool takes(const Route& route, const std::string& method) {
  return method == route.method || (method == "HEAD" && !route.changes());
}

const std::string* unknown_key(const Route& route, const Fields& query) {
  const auto known = [&](const std::string& key) {
    return std::any_of(route.query.begin(), route.query.end(), [&](const Parameter& p) { return key == p.name; });
  };
  for (const auto& [key, value] : query) {
    if (!known(key)) return &key;
  }
  return nullptr;
}

Response not_allowed(const std::string& methods) {
  Response refused = problem(405, "answered here: " + methods);
  refused.headers.emplace_back("Allow", methods);
  return refused;
}

}  // namespace

void Router::add(Route route) {
  // Braces are no part of a valid target, so the pattern is taken apart by the same function.
  patterns_.push_back({parse_target(route.pattern).value().segments});
  routes_.push_back(std::move(route));
}

std::variant<Router::Found, Response> Router::find(const Request& request) const {
  const auto target = parse_target(request.target);
  if (!target) return problem(400, "the request's target is malformed");
  std::string others;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    auto path = match(patterns_[i].segments, target->segments);
    if (!path) continue;
    if (!takes(route, request.method)) {
      others += (others.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    if (const auto* key = unknown_key(route, target->query)) return problem(400, "unknown query parameter: " + *key);
    return Found{&route, Call{std::move(*path), target->query, request, {}}};
  }
  return others.empty() ? problem(404, "nothing is here") : not_allowed(others);
}

Answer run(const Route& route, const Call& call) {
  try {
    return route.handler(call);
  } catch (const Refusal& refusal) {
    return problem(refusal.status(), refusal.what());
  } catch (const std::exception& e) {
    log::error("http", "a handler failed", {{"route", route.pattern}, {"why", e.what()}});
    return problem(500, "the daemon could not answer; its log says why");
  }
}

}  // namespace lynceus::daemon::http
