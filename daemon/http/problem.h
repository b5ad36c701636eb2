// Errors as RFC 9457 wants them: application/problem+json. Thread: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "daemon/http/message.h"

namespace lynceus::daemon::http {

/// "Not Found" …
std::string_view reason_phrase(int status);

Response problem(int status, const std::string& detail);

}  // namespace lynceus::daemon::http
