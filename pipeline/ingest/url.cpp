#include "pipeline/ingest/url.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/log.h"
#include "pipeline/ingest/source_settings.h"

namespace lynceus::ingest {
namespace {

/// Where the '@' behind the user info stands. Passwords may hold '@', and '/' where a vendor did not read the RFC: then
/// what looks like a port is none.
std::size_t user_info_end(std::string_view rest) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t sign = authority.rfind('@');
  if (sign != std::string_view::npos) return sign;
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.front() == '[' || ascii::digits(authority.substr(colon + 1))) {
    return std::string_view::npos;
  }
  return rest.rfind('@');
}

constexpr std::array<std::string_view, 12> kSecretNames{"password", "passwd",    "pass",    "pwd",
                                                        "token",    "secret",    "apikey",  "key",
                                                        "auth",     "signature", "session", "credential"};

bool secret_name(std::string_view name) {
  const std::string plain = ascii::lower(percent_decoded(name));
  return std::any_of(kSecretNames.begin(), kSecretNames.end(),
                     [&](std::string_view secret) { return plain.find(secret) != std::string::npos; });
}

/// The same query with the values of secret names masked.
std::string masked_query(std::string_view query) {
  std::string out;
  while (!query.empty()) {
    const std::size_t end = query.find_first_of("&;#");
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && secret_name(pair.substr(0, equals))) {
      out += pair.substr(0, equals + 1);
      out += "***";
    } else {
      out += pair;
    }
    if (end == std::string_view::npos) break;
    out += query[end];
    query.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && ascii::hex(text[i + 1]) >= 0 && ascii::hex(text[i + 2]) >= 0) {
      out += static_cast<char>(ascii::hex(text[i + 1]) * 16 + ascii::hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<Url> parse_url(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  Url url;
  url.scheme = ascii::lower(text.substr(0, mark));
  std::string_view rest = text.substr(mark + 3);
  if (rest.empty()) return url;
  if (const std::size_t sign = user_info_end(rest); sign != std::string_view::npos) {
    const std::string_view info = rest.substr(0, sign);
    const std::size_t colon = info.find(':');
    url.user = percent_decoded(info.substr(0, colon));
    if (colon != std::string_view::npos) url.password = percent_decoded(info.substr(colon + 1));
    rest.remove_prefix(sign + 1);
  }
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  url.address = rest.substr(0, end);
  url.path = rest.substr(end);
  return url;
}

std::map<std::string, std::string> Url::query() const {
  std::map<std::string, std::string> out;
  const std::size_t mark = path.find('?');
  if (mark == std::string::npos) return out;
  std::string_view rest = std::string_view(path).substr(mark + 1);
  rest = rest.substr(0, rest.find('#'));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (equals > 0) {
      out[percent_decoded(pair.substr(0, equals))] =
          equals < pair.size() ? percent_decoded(pair.substr(equals + 1)) : std::string();
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string Url::plain_path() const { return percent_decoded(path.substr(0, path.find_first_of("?#"))); }

std::string redacted(const std::string& text) {
  const auto url = parse_url(text);
  if (!url) return log::redact(text);
  const std::size_t mark = url->path.find('?');
  std::string out = url->scheme + "://" + url->address + url->path.substr(0, mark);
  if (mark != std::string::npos) out += "?" + masked_query(std::string_view(url->path).substr(mark + 1));
  return out;
}

}  // namespace lynceus::ingest
