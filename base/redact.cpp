// What must never leave the process in a line: see log.h. A hand-written scanner, since it runs on every line and
// std::regex can overflow the stack on long hostile input.
#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"

namespace lynceus::log {
namespace {

constexpr std::string_view kMask = "***";

std::shared_mutex& secrets_mutex() {
  static std::shared_mutex mutex;
  return mutex;
}
std::vector<std::string>& secrets() {
  static std::vector<std::string> values;  // guarded by secrets_mutex(); longest first
  return values;
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool starts_with_nocase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

bool ends_authority(char c) {
  return c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' ||
         std::isspace(static_cast<unsigned char>(c));
}

/// scheme://user:password@host → scheme://***@host. The last @ of the authority counts: a password may hold one. A
/// password may hold '/' too when the camera's vendor did not read the RFC, so an @ before the next blank counts as well.
std::size_t mask_authority(std::string_view text, std::size_t at, std::string& out) {
  std::size_t end = at;
  while (end < text.size() && !std::isspace(static_cast<unsigned char>(text[end])) && text[end] != '"' &&
         text[end] != '\'' && text[end] != '<' && text[end] != '>') {
    ++end;
  }
  std::string_view rest = text.substr(at, end - at);
  const std::size_t authority = static_cast<std::size_t>(
      std::find_if(rest.begin(), rest.end(), ends_authority) - rest.begin());
  std::size_t sign = rest.substr(0, authority).rfind('@');
  if (sign == std::string_view::npos) {
    const std::size_t colon = rest.substr(0, authority).find(':');
    const bool port = colon != std::string_view::npos && colon + 1 < authority &&
                      std::all_of(rest.begin() + static_cast<std::ptrdiff_t>(colon) + 1,
                                  rest.begin() + static_cast<std::ptrdiff_t>(authority),
                                  [](unsigned char c) { return std::isdigit(c) != 0; });
    if (colon != std::string_view::npos && !port) sign = rest.rfind('@');
  }
  if (sign == std::string_view::npos) return at;
  out += kMask;
  return at + sign;
}

constexpr std::array<std::string_view, 15> kSecretNames{
    "password", "passwd", "passphrase", "pwd",      "pass",   "token",  "secret",   "apikey",
    "api_key",  "api-key", "access_key", "signature", "nonce", "cnonce", "response"};

/// name=value, name: value, name="value" where the name tells a secret. Returns where the value ends, or `at`.
std::size_t mask_named(std::string_view text, std::size_t at, std::string& out) {
  if (at > 0 && word_character(text[at - 1]) && text[at - 1] != '_' && text[at - 1] != '-') return at;
  for (const std::string_view name : kSecretNames) {
    if (!starts_with_nocase(text.substr(at), name)) continue;
    std::size_t i = at + name.size();
    if (i < text.size() && text[i] == '"') ++i;  // a JSON key
    while (i < text.size() && text[i] == ' ') ++i;
    if (i >= text.size() || (text[i] != '=' && text[i] != ':')) continue;
    if (text.substr(i, 3) == "://") continue;
    ++i;
    while (i < text.size() && text[i] == ' ') ++i;
    const bool escaped = text.substr(i, 2) == "\\\"";
    if (escaped) i += 2;
    const bool quoted = !escaped && i < text.size() && (text[i] == '"' || text[i] == '\'');
    const char quote = quoted ? text[i] : '\0';
    if (quoted) ++i;
    std::size_t end = i;
    while (end < text.size()) {
      const char c = text[end];
      if (quoted ? c == quote
                 : (std::isspace(static_cast<unsigned char>(c)) || c == '&' || c == ',' || c == ';' || c == '"' ||
                    (escaped && c == '\\'))) {
        break;
      }
      ++end;
    }
    if (end == i) continue;
    out += text.substr(at, i - at);
    out += kMask;
    return end;
  }
  return at;
}

/// Basic aGVsbG8= and Bearer abc…: the word after the scheme.
std::size_t mask_scheme(std::string_view text, std::size_t at, std::string& out) {
  if (at > 0 && word_character(text[at - 1])) return at;
  for (const std::string_view scheme : {std::string_view("Basic "), std::string_view("Bearer ")}) {
    if (!starts_with_nocase(text.substr(at), scheme)) continue;
    std::size_t end = at + scheme.size();
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) ||
                                 std::string_view("+/=_-.~").find(text[end]) != std::string_view::npos)) {
      ++end;
    }
    if (end - at - scheme.size() < 6) continue;
    out += text.substr(at, scheme.size());
    out += kMask;
    return end;
  }
  // Standard-Webhooks secrets tell themselves.
  if (starts_with_nocase(text.substr(at), "whsec_")) {
    std::size_t end = at + 6;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) ||
                                 std::string_view("+/=_-").find(text[end]) != std::string_view::npos)) {
      ++end;
    }
    out += "whsec_";
    out += kMask;
    return end;
  }
  return at;
}

std::string mask_patterns(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i;
    if (text[i] == ':' && text.substr(i, 3) == "://") {
      out += "://";
      next = mask_authority(text, i + 3, out);
      i = next;
      continue;
    }
    next = mask_scheme(text, i, out);
    if (next == i) next = mask_named(text, i, out);
    if (next != i) {
      i = next;
      continue;
    }
    out += text[i++];
  }
  return out;
}

void replace_all(std::string& text, std::string_view value) {
  for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + kMask.size())) {
    text.replace(at, value.size(), kMask);
  }
}

}  // namespace

void add_secret(std::string_view value) {
  if (value.size() < 4) return;
  std::unique_lock lock(secrets_mutex());
  auto& all = secrets();
  if (std::find(all.begin(), all.end(), value) != all.end()) return;
  all.emplace_back(value);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string redact(std::string_view text) {
  std::string out(text);
  {
    std::shared_lock lock(secrets_mutex());
    for (const std::string& secret : secrets()) replace_all(out, secret);
  }
  return mask_patterns(out);
}

}  // namespace lynceus::log
