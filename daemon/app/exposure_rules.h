// Who may reach the daemon: what a configuration must say before it listens beyond this machine. Thread: pure but for
// reading the tokens file.
#pragma once

#include "config/config.h"

namespace lynceus::daemon {

/// Throws Error (Exit::bad_config) for an address that is not loopback while no token was made, without `auth: none`;
/// for one of certificate and key without the other; and for a tokens file that is wrong.
void check_exposure(const config::ServerSettings& server, const config::StorageSettings& storage = {});

}  // namespace lynceus::daemon
