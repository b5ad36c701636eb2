#include "daemon/api/host_check.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace lynceus::daemon::http {
namespace {

bool port(std::string_view text) { return text.size() <= 5 && ascii::digits(text); }

/// The name without port and brackets; nothing when it is not written as a Host is.
std::optional<std::string> name_of(std::string_view host) {
  if (host.empty() || host.size() > 260) return std::nullopt;
  std::string_view name = host, rest;
  if (host.front() == '[') {
    const auto end = host.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    name = host.substr(1, end - 1);
    rest = host.substr(end + 1);
  } else if (const auto colon = host.find(':'); colon != std::string_view::npos) {
    name = host.substr(0, colon);
    rest = host.substr(colon);
  }
  if (!rest.empty() && (rest.front() != ':' || !port(rest.substr(1)))) return std::nullopt;
  if (name.ends_with('.')) name.remove_suffix(1);
  return name.empty() ? std::nullopt : std::optional(ascii::lower(name));
}

}  // namespace

bool is_loopback(std::string_view name) {
  const std::string text = ascii::lower(name);
  if (text == "localhost") return true;
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool host_accepted(std::string_view host, const std::vector<std::string>& names, std::string_view local_address) {
  const auto name = name_of(host);
  if (!name) return false;
  if (is_loopback(*name) || *name == ascii::lower(local_address)) return true;
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& known) { return ascii::lower(known) == *name; });
}

}  // namespace lynceus::daemon::http
