#include "daemon/app/exposure_rules.h"

#include <string>

#include "base/error.h"
#include "config/tokens.h"
#include "daemon/api/host_check.h"
#include "daemon/store/directory.h"

namespace lynceus::daemon {

void check_exposure(const config::ServerSettings& server, const config::StorageSettings& storage) {
  if (server.tls_certificate.empty() != server.tls_key.empty()) {
    throw Error(Exit::bad_config, "config", server.tls_key.empty() ? "server.tls_key" : "server.tls_certificate",
                "is missing: HTTPS needs certificate and key");
  }
  const bool tokens = server.auth == config::ServerSettings::Auth::tokens;
  if (!tokens) return;
  const std::string directory = state_directory(storage.directory);
  if (!config::read_tokens(directory).empty() || http::is_loopback(server.address)) return;
  throw Error(Exit::bad_config, "config", "server.address",
              "'" + server.address +
                  "' can be reached by others, and no token was made: " + "`lynceus token add --state " + directory +
                  " --role admin NAME` makes one; or use 127.0.0.1, or say server.auth: none when something else keeps "
                  "strangers out");
}

}  // namespace lynceus::daemon
