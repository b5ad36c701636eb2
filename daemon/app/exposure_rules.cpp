#include "daemon/app/exposure_rules.h"

#include "base/error.h"
#include "daemon/http/host_check.h"

namespace lynceus::daemon {

void check_exposure(const config::ServerSettings& server) {
  if (!server.tls_certificate.empty() || !server.tls_key.empty()) {
    throw Error(Exit::bad_config, "config", "server.tls",
                "this version speaks plain HTTP; put a reverse proxy with TLS before it");
  }
  if (http::is_loopback(server.address) || server.auth == config::ServerSettings::Auth::none) return;
  throw Error(Exit::bad_config, "config", "server.address",
              "'" + server.address +
                  "' can be reached by others, and this version has no tokens: use 127.0.0.1, or say "
                  "server.auth: none when something else keeps strangers out");
}

}  // namespace lynceus::daemon
