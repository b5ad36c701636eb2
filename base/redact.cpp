// What must never leave the process in a line: see log.h. A hand-written scanner, since it runs on every line and
// std::regex can overflow the stack on long hostile input. One pass, linear in the line's length. In doubt it masks: a
// line that says too little is a nuisance, one that says too much is a leak.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"

namespace lynceus::log {
namespace {

constexpr std::string_view kMask = "***";
constexpr auto kNowhere = std::string_view::npos;

std::shared_mutex& secrets_mutex() {
  static std::shared_mutex mutex;
  return mutex;
}
std::vector<std::string>& secrets() {
  static std::vector<std::string> values;  // guarded by secrets_mutex(); longest first
  return values;
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_quote(char c) { return c == '"' || c == '\''; }
bool one_of(char c, std::string_view set) { return set.find(c) != kNowhere; }

bool starts_with_nocase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

/// Names whose value is a secret wherever they stand in a word: accessToken, rtsp_password.
constexpr std::array<std::string_view, 11> kSecretNames{"password", "passwd",    "passphrase", "passcode",
                                                        "secret",   "token",     "apikey",     "api_key",
                                                        "api-key",  "accesskey", "access_key"};
/// Names that are also ends of other words (compass=3) or common ones (first pass: 2 s): whole words, with = or as a key.
constexpr std::array<std::string_view, 10> kSecretWords{"pass", "pwd",       "passwort", "loginpas", "cookie",
                                                        "auth", "signature", "sig",      "nonce",    "cnonce"};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  std::string run() {
    while (at_ < text_.size()) {
      if (!step()) out_ += text_[at_++];
    }
    return std::move(out_);
  }

 private:
  /// True when something was recognised and at_ moved behind it.
  bool step() {
    const char c = lower(text_[at_]);
    if (c == ':') return mask_url();
    if (!is_lower(c)) return false;
    const bool starts_word = at_ == 0 || !is_word(text_[at_ - 1]);
    if (starts_word && c == 'a' && mask_authorization()) return true;
    if (starts_word && c == 'b' && (mask_scheme("basic ") || mask_scheme("bearer "))) return true;
    if (starts_word && c == 'w' && mask_webhook_secret()) return true;
    if (starts_word && c == 'r' && mask_digest_response()) return true;
    if (one_of(c, "pasctl") && mask_named(kSecretNames, false)) return true;
    return starts_word && one_of(c, "plcasn") && mask_named(kSecretWords, true);
  }

  std::string_view rest() const { return text_.substr(at_); }
  char peek(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  bool finish(std::size_t keep_until, std::size_t end) {
    out_ += text_.substr(at_, keep_until - at_);
    out_ += kMask;
    at_ = end;
    return true;
  }

  /// Where the blank-free run around `from` ends, and the last @ in it; remembered, so that a line of nothing but "://"
  /// is walked once.
  void find_token(std::size_t from) {
    if (from < token_end_) return;
    token_end_ = from;
    last_sign_ = kNowhere;
    for (; token_end_ < text_.size(); ++token_end_) {
      const char c = text_[token_end_];
      if (is_space(c) || is_quote(c) || c == '<' || c == '>') break;
      if (c == '@') last_sign_ = token_end_;
    }
    next_sign_ = last_sign_;
    if (next_sign_ == kNowhere && is_space(peek(token_end_))) next_sign_ = sign_in_next_word();
  }

  /// An @ in the word behind this one: "rtsp://user:pa ss@host".
  std::size_t sign_in_next_word() const {
    for (std::size_t i = token_end_ + 1; i < text_.size() && !is_space(text_[i]) && !is_quote(text_[i]); ++i) {
      if (text_[i] == '@') return i;
    }
    return kNowhere;
  }

  /// scheme://user:password@host → scheme://***@host. Passwords hold @, :, / and worse, since vendors and people do not
  /// read the RFC; so the last @ of the word counts as soon as the authority has one, or a colon.
  bool mask_url() {
    if (text_.substr(at_, 3) != "://") return false;
    const std::size_t start = at_ + 3;
    find_token(start);
    std::size_t end = start;
    bool sign = false, colon = false, port = true;
    for (; end < token_end_ && !one_of(text_[end], "/?#\\"); ++end) {
      sign = sign || text_[end] == '@';
      if (text_[end] == ':' && !bracketed(start)) colon = true;
      else if (colon && !is_digit(text_[end])) port = false;
    }
    if (!sign && !colon) return false;
    if (last_sign_ != kNowhere && last_sign_ >= start) return finish(start, last_sign_);
    if (port && !sign) return false;
    // Neither host:port nor user@host: a password has cut the address in two.
    return finish(start, next_sign_ != kNowhere && next_sign_ >= start ? next_sign_ : end);
  }

  bool bracketed(std::size_t start) const { return peek(start) == '['; }

  /// Basic aGVsbG8= and Bearer abc…: the word behind the scheme, unless it is plain English.
  bool mask_scheme(std::string_view scheme) {
    if (!starts_with_nocase(rest(), scheme)) return false;
    const std::size_t start = at_ + scheme.size();
    std::size_t end = start;
    bool english = true;
    for (; end < text_.size() && (is_word(text_[end]) || one_of(text_[end], "+/=_-.~")); ++end) {
      english = english && is_lower(text_[end]);
    }
    constexpr std::size_t kShortest = 4, kLongestWord = 15;
    if (end - start < kShortest || (english && end - start <= kLongestWord)) return false;
    return finish(start, end);
  }

  /// Standard-Webhooks secrets tell themselves.
  bool mask_webhook_secret() {
    constexpr std::string_view kPrefix = "whsec_";
    if (!starts_with_nocase(rest(), kPrefix)) return false;
    std::size_t end = at_ + kPrefix.size();
    while (end < text_.size() && (is_word(text_[end]) || one_of(text_[end], "+/=_-"))) ++end;
    return end > at_ + kPrefix.size() && finish(at_ + kPrefix.size(), end);
  }

  /// response="6629fae4…" of Digest; an HTTP "response: 404" is none.
  bool mask_digest_response() {
    constexpr std::string_view kPrefix = "response=";
    if (!starts_with_nocase(rest(), kPrefix)) return false;
    return mask_value(at_ + kPrefix.size());
  }

  /// Authorization: whatever its scheme, all of the header.
  bool mask_authorization() {
    constexpr std::string_view kName = "authorization";
    if (!starts_with_nocase(rest(), kName)) return false;
    std::size_t i = at_ + kName.size();
    const bool key = peek(i) == '"';
    if (key) ++i;
    while (peek(i) == ' ') ++i;
    if (peek(i) != ':' && peek(i) != '=') return false;
    ++i;
    while (peek(i) == ' ') ++i;
    if (is_quote(peek(i)) || text_.substr(i, 2) == "\\\"") return mask_value(i);
    const std::size_t scheme = i;
    while (i < text_.size() && is_word(text_[i])) ++i;
    if (peek(i) == ' ') ++i;
    else i = scheme;
    std::size_t end = i;
    while (end < text_.size() && text_[end] != '\n' && text_[end] != '\r' && text_.substr(end, 2) != "\\n" &&
           text_.substr(end, 4) != "\\x0d") {
      ++end;
    }
    return end > i && finish(i, end);
  }

  /// name=value, name: value, "name":"value" where the name tells a secret.
  template <std::size_t N>
  bool mask_named(const std::array<std::string_view, N>& names, bool strict) {
    const auto found = std::find_if(names.begin(), names.end(), [&](auto name) { return is_name(name); });
    if (found == names.end()) return false;
    std::size_t i = at_ + found->size();
    const std::size_t after_name = i;
    if (peek(i) == '\\' && is_quote(peek(i + 1))) ++i;
    if (is_quote(peek(i))) ++i;
    const bool quoted_key = i != after_name;
    while (peek(i) == ' ') ++i;
    if (peek(i) != '=' && (peek(i) != ':' || (strict && !quoted_key))) return false;
    if (text_.substr(i, 3) == "://") return false;
    ++i;
    while (peek(i) == ' ') ++i;
    return mask_value(i);
  }

  bool is_name(std::string_view name) const {
    return starts_with_nocase(rest(), name) && !is_word(peek(at_ + name.size())) && peek(at_ + name.size()) != '_';
  }

  /// Masks the value that starts here: in quotes, in escaped quotes, or up to a blank or a separator.
  bool mask_value(std::size_t start) {
    std::string_view quote;
    if (is_quote(peek(start))) quote = text_.substr(start, 1);
    if (peek(start) == '\\' && is_quote(peek(start + 1))) quote = text_.substr(start, 2);
    start += quote.size();
    const std::size_t end = quote.empty() ? bare_end(start) : quoted_end(start, quote);
    return end > start && finish(start, end);
  }

  std::size_t quoted_end(std::size_t i, std::string_view quote) const {
    for (; i < text_.size(); ++i) {
      if (text_.substr(i, quote.size()) == quote) return i;
      if (text_[i] != '\\') continue;
      // \" inside "…", and \\\" inside \"…\".
      ++i;
      if (quote.size() == 2 && peek(i) == '\\' && text_.substr(i + 1, 2) == quote) i += 2;
    }
    return text_.size();
  }

  std::size_t bare_end(std::size_t i) const {
    for (; i < text_.size(); ++i) {
      const char c = text_[i], next = peek(i + 1);
      if (is_space(c) || c == '&' || c == '"' || (c == '\\' && (is_quote(next) || next == 'n'))) break;
      const bool separator = c == ',' || c == ';' || c == '}' || c == ']' || c == ')';
      if (separator && (next == '\0' || is_space(next) || is_quote(next))) break;
    }
    return i;
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
  std::size_t token_end_ = 0, last_sign_ = kNowhere, next_sign_ = kNowhere;
};

std::string without(std::string_view text, std::string_view secret) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = text.find(secret); at != kNowhere; at = text.find(secret, from)) {
    out += text.substr(from, at - from);
    out += kMask;
    from = at + secret.size();
  }
  out += text.substr(from);
  return out;
}

/// As it stands in a URL.
std::string percent_encoded(std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    if (is_word(c) || one_of(c, "-._~")) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

void remember(std::vector<std::string>& all, std::string value) {
  if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(std::move(value));
}

}  // namespace

void add_secret(std::string_view value) {
  if (value.size() < 4) return;
  std::unique_lock lock(secrets_mutex());
  auto& all = secrets();
  remember(all, std::string(value));
  remember(all, percent_encoded(value));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string redact(std::string_view text) {
  std::string out(text);
  {
    std::shared_lock lock(secrets_mutex());
    for (const std::string& secret : secrets()) {
      if (out.find(secret) != std::string::npos) out = without(out, secret);
    }
  }
  return Scanner(out).run();
}

}  // namespace lynceus::log
