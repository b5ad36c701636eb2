// Standard Webhooks signatures: `v1,` and base64 of HMAC-SHA256 over "id.timestamp.body". Thread: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lynceus::daemon::notify {

/// Value of `webhook-signature`: one signature a secret (`whsec_…`), parted by blanks. Empty without secrets.
std::string webhook_signature(const std::vector<std::string>& secrets, std::string_view id, std::string_view timestamp,
                              std::string_view body);

/// SHA-256 in hexadecimal digits.
std::string sha256_hex(std::string_view text);

}  // namespace lynceus::daemon::notify
