// Who may reach the daemon: what a configuration must say before it listens beyond this machine. Thread: pure.
#pragma once

#include "config/config.h"

namespace lynceus::daemon {

/// Throws Error (Exit::bad_config) for an address that is not loopback without `auth: none`, and for TLS.
void check_exposure(const config::ServerSettings& server);

}  // namespace lynceus::daemon
