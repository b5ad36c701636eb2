// SHA-256 of what comes in pieces, and of files. Thread: bound to its owner.
//
//   Sha256 sum;
//   while (read(piece)) sum.add(piece);
//   if (sum.hex() == expected) keep();
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace lynceus::models {

class Sha256 {
 public:
  Sha256();  ///< throws std::runtime_error where OpenSSL cannot
  void add(std::span<const std::byte> bytes);
  /// 64 small digits; nothing may be added any more.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

struct FileSum {
  std::uint64_t bytes = 0;
  std::string sha256;
};
/// Nothing for what is no regular file, cannot be read, or is larger than `most`.
std::optional<FileSum> sum_of_file(const std::string& path, std::uint64_t most);

}  // namespace lynceus::models
