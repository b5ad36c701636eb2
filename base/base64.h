// Base64 (RFC 4648, with padding): signatures of webhooks and their keys. Thread: reentrant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lynceus {

std::string to_base64(std::span<const unsigned char> bytes);
/// Nothing for a text that is no base64; padding may be left out.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace lynceus
