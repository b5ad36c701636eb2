// The parts of a receiver's URL. Thread: pure function.
#pragma once

#include <optional>
#include <string>

namespace lynceus::daemon::notify {

struct WebAddress {
  bool tls = false;
  std::string host;  ///< without brackets
  int port = 0;
  std::string target;         ///< path and query
  std::string host_header;    ///< with brackets and port where they belong
  std::string authorization;  ///< of user and password in the URL; empty: none
};

/// Nothing for what config/ would have refused.
std::optional<WebAddress> parse_web_address(const std::string& url);

}  // namespace lynceus::daemon::notify
