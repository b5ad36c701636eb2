#include "daemon/api/access.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/log.h"
#include "daemon/api/body.h"
#include "daemon/api/host_check.h"
#include "daemon/api/problem.h"

namespace lynceus::daemon::http {
namespace {

constexpr const char* kCookie = "lynceus";
constexpr int kCookieDays = 30;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() < kScheme.size() || !same_letters(authorization.substr(0, kScheme.size()), kScheme))
    return {};
  return trimmed(authorization.substr(kScheme.size()));
}

std::string_view cookie_of(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    const std::string_view pair = trimmed(cookies.substr(0, end));
    cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == kCookie) return pair.substr(equals + 1);
  }
  return {};
}

bool is_json(std::string_view content_type) {
  return same_letters(trimmed(content_type.substr(0, content_type.find(';'))), "application/json");
}

/// The page that sent it is ours: same scheme, name and port as the request itself names.
bool own_origin(const Request& request) {
  const std::string_view origin = request.header("origin");
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return false;
  return origin.empty() || same_letters(origin, (request.tls ? "https://" : "http://") + request.host);
}

std::optional<Response> cross_site(const Request& request) {
  if (!own_origin(request)) return problem(403, "a page of another origin may not change anything here");
  if (!is_json(request.header("content-type"))) {
    return problem(415, "without a bearer token a change needs Content-Type: application/json");
  }
  return std::nullopt;
}

Response too_often() {
  Response refused = problem(429, "too many requests; slower, please");
  refused.headers.emplace_back("Retry-After", "5");
  return refused;
}

std::string cookie_header(const Request& request, const std::string& value, int max_age_s) {
  return std::string(kCookie) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(max_age_s) + (request.tls ? "; Secure" : "");
}

}  // namespace

Access::Access(Settings settings, TokenKeeper* tokens, Clock& clock)
    : settings_(settings),
      tokens_(tokens),
      failures_({1.0 / 6, 10, 4096}, clock),
      writes_({settings.writes_per_second, 2 * settings.writes_per_second, 4096}, clock),
      reads_({settings.reads_per_second, 2 * settings.reads_per_second, 4096}, clock) {}

bool Access::everybody() {
  if (settings_.none) return true;
  return settings_.loopback && (tokens_ == nullptr || tokens_->none_made());
}

std::optional<Identity> Access::identify(const Request& request, bool& presented) {
  const std::string_view bearer = bearer_of(request.header("authorization"));
  const std::string_view secret = !bearer.empty() ? bearer : cookie_of(request.header("cookie"));
  presented = !secret.empty() || !request.header("authorization").empty();
  if (secret.empty() || tokens_ == nullptr) return std::nullopt;
  const auto token = tokens_->find(secret);
  if (!token) return std::nullopt;
  return Identity{token->name, token->role, bearer.empty() ? Identity::Via::cookie : Identity::Via::bearer};
}

Response Access::unknown_token(const Request& request) {
  if (!failures_.take(peer_key(request.peer_address))) return too_often();
  Response refused = problem(401, "this token is not known, or not any more");
  refused.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"lynceus\", error=\"invalid_token\"");
  return refused;
}

std::variant<Identity, Response> Access::admit(const Request& request, const Route& route) {
  const bool local = is_loopback(request.peer_address);
  if (route.changes() ? !writes_.take(peer_key(request.peer_address))
                      : !local && !reads_.take(peer_key(request.peer_address))) {
    return too_often();
  }
  bool presented = false;
  std::optional<Identity> who = identify(request, presented);
  if (!who && everybody()) who = Identity{"anonymous", config::Role::admin, Identity::Via::nothing};
  const bool open = !route.role || (settings_.metrics_open && route.pattern == "/metrics");
  if (!who && !open) {
    if (presented) return unknown_token(request);
    Response refused = problem(401, "needs a token: Authorization: Bearer …, or POST /api/v1/login");
    refused.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"lynceus\"");
    return refused;
  }
  const Identity identity = who.value_or(Identity{});
  if (!open && identity.role < *route.role) {
    return problem(403, std::string("needs a token of role ") + config::name(*route.role) + "; this one is " +
                            config::name(identity.role));
  }
  if (route.changes() && identity.via != Identity::Via::bearer) {
    if (auto refused = cross_site(request)) return *refused;
  }
  return identity;
}

Response Access::login(const Request& request) {
  const std::string peer = peer_key(request.peer_address);
  if (!failures_.has(peer)) return too_often();
  const Body body(request.body, {"token"});
  const std::string secret = body.text("token");
  const auto token = tokens_ != nullptr ? tokens_->find(secret) : std::nullopt;
  if (!token) {
    log::warning("http", "a login failed", {{"peer", request.peer_address}});
    return unknown_token(request);
  }
  Response response;
  response.body = "{\"name\":\"" + token->name + "\",\"role\":\"" + config::name(token->role) + "\"}";
  response.headers = {{"Set-Cookie", cookie_header(request, secret, kCookieDays * 24 * 3600)},
                      {"Cache-Control", "no-store"}};
  return response;
}

Response Access::logout(const Request& request) {
  Response response;
  response.status = 204;
  response.headers = {{"Set-Cookie", cookie_header(request, "", 0)}, {"Cache-Control", "no-store"}};
  return response;
}

}  // namespace lynceus::daemon::http
