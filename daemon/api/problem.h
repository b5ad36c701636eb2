// Errors as RFC 9457 wants them: application/problem+json. Thread: pure functions.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/api/message.h"

namespace lynceus::daemon::http {

/// "Not Found" …
std::string_view reason_phrase(int status);

/// `errors`: more lines, one a wrong value, as the member of that name.
Response problem(int status, const std::string& detail, const std::vector<std::string>& errors = {});

/// Thrown by a handler's helpers where a request cannot be served; the router makes a problem of it.
class Refusal : public std::runtime_error {
 public:
  Refusal(int status, const std::string& detail) : std::runtime_error(detail), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace lynceus::daemon::http
