#include "config/url.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/log.h"
#include "config/problem.h"
#include "config/scalars.h"
#include "pipeline/ingest/url.h"

namespace lynceus::config {
namespace {

const std::vector<std::string>& schemes() {
  static const std::vector<std::string> all{"rtsp", "rtsps", "http", "https", "file", "v4l2", "sim"};
  return all;
}

void register_secret(std::string_view value) {
  log::add_secret(value);
  log::add_secret(ingest::percent_decoded(value));
}

bool secret_name(std::string_view text) {
  const std::string name = ascii::lower(text);
  static constexpr std::array kNames{"pass",   "password", "passwd", "pwd",     "pw",   "token",    "access_token",
                                     "secret", "key",      "apikey", "api_key", "auth", "signature"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

void register_query(std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t sign = pair.find('=');
    if (sign != std::string_view::npos && secret_name(pair.substr(0, sign))) register_secret(pair.substr(sign + 1));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

/// All between "user:" and the last @, even of a URL that is wrong: a password may hold a '/' that nobody escaped.
void register_password(std::string_view rest) {
  const std::size_t sign = rest.rfind('@');
  const std::size_t colon = rest.find(':');
  if (sign == std::string_view::npos || colon == std::string_view::npos || colon > sign) return;
  register_secret(rest.substr(colon + 1, sign - colon - 1));
}

std::string check_port(std::string_view port) {
  const auto value = parse_integer(port);
  if (value && *value >= 1 && *value <= 65535) return {};
  return "the port is no number from 1 to 65535 (a '/', '?', '#' or '@' in a password is written %2F, %3F, %23, %40)";
}

std::string check_authority(std::string_view authority) {
  const std::size_t sign = authority.rfind('@');
  if (sign != std::string_view::npos) {
    const std::string_view user = authority.substr(0, sign);
    const std::size_t colon = user.find(':');
    if (colon != std::string_view::npos) register_secret(user.substr(colon + 1));
    authority.remove_prefix(sign + 1);
  }
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return "the ']' of the IPv6 address is missing";
    authority.remove_prefix(end + 1);
    if (authority.empty()) return {};
    return authority.starts_with(':') ? check_port(authority.substr(1)) : "a text between ']' and the path";
  }
  const std::size_t colon = authority.find(':');
  if (authority.substr(0, colon).empty()) return "the host is missing; accepted: rtsp://HOST/PATH and the like";
  return colon == std::string_view::npos ? "" : check_port(authority.substr(colon + 1));
}

std::string check_path(const std::string& scheme, std::string_view rest) {
  if (scheme == "v4l2") return rest.starts_with("/dev/") ? "" : "accepted: v4l2:///dev/videoN";
  if (scheme == "file") return rest.starts_with('/') && rest.size() > 1 ? "" : "accepted: file:///PATH";
  return rest.empty() || rest.starts_with('?') ? "the scene is missing; accepted: sim://SCENE" : "";
}

bool bad_character(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; }

/// "rtsp:host/stream": meant as a URL, and no good path either.
bool almost_url(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  return std::find(schemes().begin(), schemes().end(), text.substr(0, colon)) != schemes().end();
}

}  // namespace

std::string check_url(const std::string& url) {
  if (url.empty()) return "is empty; accepted: a URL or a path";
  if (url.size() > 2048) return "more than 2048 characters";
  const std::size_t at = url.find("://");
  if (at == std::string::npos) return almost_url(url) ? "the '//' behind the scheme is missing" : "";
  const std::string scheme = url.substr(0, at);
  const std::string_view rest = std::string_view(url).substr(at + 3);
  register_password(rest);
  if (const std::size_t query = rest.find('?'); query != std::string_view::npos) register_query(rest.substr(query + 1));
  if (std::any_of(url.begin(), url.end(), bad_character)) return "a blank or a control character; accepted: %20";
  if (std::find(schemes().begin(), schemes().end(), scheme) == schemes().end()) {
    return "unknown scheme " + shown(scheme) + accepted(scheme, schemes());
  }
  if (scheme == "file" || scheme == "v4l2" || scheme == "sim") return check_path(scheme, rest);
  return check_authority(rest.substr(0, rest.find_first_of("/?#")));
}

std::string check_web_url(const std::string& url) {
  const std::string why = check_url(url);  // first: it registers what must not be said
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return "is no web address; accepted: http://HOST/PATH or https://HOST/PATH";
  }
  if (!why.empty()) return why;
  return url.find('#') == std::string::npos ? "" : "a '#'; accepted: a URL without a fragment";
}

std::string shown_web_url(const std::string& url) {
  const std::size_t start = url.find("://");
  if (start == std::string::npos) return "***";
  const std::size_t end = std::min(url.find_first_of("/?#", start + 3), url.size());
  const std::size_t sign = url.rfind('@', end);
  const std::size_t host = sign == std::string::npos || sign < start ? start + 3 : sign + 1;
  return url.substr(0, start + 3) + url.substr(host, end - host) + (url.size() > end + 1 ? "/***" : "");
}

std::string resolve(const std::string& path, const std::string& folder) {
  if (path.empty() || path.find("://") != std::string::npos) return path;
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

}  // namespace lynceus::config
