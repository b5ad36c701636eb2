#include "daemon/notify/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <span>

#include "base/base64.h"

namespace lynceus::daemon::notify {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// The key is what the base64 stands for, not the text.
std::string key_of(std::string_view secret) {
  constexpr std::string_view kPrefix = "whsec_";
  if (secret.starts_with(kPrefix)) secret.remove_prefix(kPrefix.size());
  return from_base64(secret).value_or("");
}

}  // namespace

std::string webhook_signature(const std::vector<std::string>& secrets, std::string_view id, std::string_view timestamp,
                              std::string_view body) {
  std::string content;
  content.append(id).append(".").append(timestamp).append(".").append(body);
  std::string out;
  for (const std::string& secret : secrets) {
    const std::string key = key_of(secret);
    Digest digest{};
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(content), content.size(), digest.data(),
         &length);
    out += (out.empty() ? "v1," : " v1,") + to_base64(std::span(digest.data(), length));
  }
  return out;
}

std::string sha256_hex(std::string_view text) {
  Digest digest{};
  SHA256(bytes(text), text.size(), digest.data());
  std::string out;
  for (const unsigned char byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

}  // namespace lynceus::daemon::notify
