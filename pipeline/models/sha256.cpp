#include "pipeline/models/sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "base/fd.h"

namespace lynceus::models {
namespace {

void must(int result) {
  if (result != 1) throw std::runtime_error("SHA-256: OpenSSL cannot compute it");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  must(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1 ? 1 : 0);
}

void Sha256::add(std::span<const std::byte> bytes) {
  must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  must(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
  std::string out;
  for (const unsigned char byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::optional<FileSum> sum_of_file(const std::string& path, std::uint64_t most) {
  // Non-blocking, so that a pipe of the same name cannot hold us; it has no effect on a file.
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  FileSum out;
  Sha256 sum;
  std::array<std::byte, 1 << 16> piece;
  for (;;) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    out.bytes += static_cast<std::uint64_t>(got);
    if (out.bytes > most) return std::nullopt;
    sum.add(std::span(piece).first(static_cast<std::size_t>(got)));
  }
  out.sha256 = sum.hex();
  return out;
}

}  // namespace lynceus::models
