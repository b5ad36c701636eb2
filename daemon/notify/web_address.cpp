#include "daemon/notify/web_address.h"

#include <charconv>
#include <cstddef>
#include <span>
#include <string_view>
#include <system_error>

#include "base/base64.h"
#include "pipeline/ingest/url.h"

namespace lynceus::daemon::notify {
namespace {

std::string basic(std::string_view user) {
  const std::string plain = ingest::percent_decoded(user);
  return "Basic " + to_base64({reinterpret_cast<const unsigned char*>(plain.data()), plain.size()});
}

/// "host", "host:1", "[::1]:1"
bool split_host(std::string_view text, WebAddress& out) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    out.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    out.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? "" : text.substr(colon);
  }
  out.port = out.tls ? 443 : 80;
  if (out.host.empty()) return false;
  if (port.empty()) return true;
  const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), out.port);
  return port[0] == ':' && error == std::errc{} && end == port.data() + port.size() && out.port > 0 && out.port < 65536;
}

}  // namespace

std::optional<WebAddress> parse_web_address(const std::string& url) {
  WebAddress out;
  std::string_view rest = url;
  out.tls = rest.starts_with("https://");
  if (!out.tls && !rest.starts_with("http://")) return {};
  rest.remove_prefix(out.tls ? 8 : 7);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, end);
  out.target = rest.substr(end, rest.find('#') - end);
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  if (const std::size_t sign = authority.rfind('@'); sign != std::string_view::npos) {
    out.authorization = basic(authority.substr(0, sign));
    authority.remove_prefix(sign + 1);
  }
  out.host_header = authority;
  if (!split_host(authority, out)) return {};
  return out;
}

}  // namespace lynceus::daemon::notify
