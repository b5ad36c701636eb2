#include "config/tokens.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>

#include "base/error.h"
#include "base/fd.h"

namespace lynceus::config {
namespace {

constexpr std::size_t kMostTokens = 1000, kMostBytes = 1 << 20;
constexpr const char* kPrefix = "lyn_";  // a leaked one is recognised by those who search for secrets

[[noreturn]] void fail(const std::string& where, const std::string& why, Exit exit = Exit::fatal) {
  throw Error(exit, "tokens", where, why);
}
[[noreturn]] void fail_errno(const std::string& where) { fail(where, std::strerror(errno)); }

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 hash(std::string_view text) {
  Sha256 digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    fail("SHA-256", "OpenSSL could not compute it");
  }
  return digest;
}

std::string hex(const Sha256& digest) {
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::optional<Sha256> unhex(std::string_view text) {
  Sha256 digest{};
  if (text.size() != 2 * digest.size()) return std::nullopt;
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

/// base64url of 32 bytes without padding: 43 characters.
std::string random_secret() {
  std::array<unsigned char, 33> bytes{};  // the last is 0: eleven groups of three
  if (RAND_bytes(bytes.data(), 32) != 1) fail("random", "the system gives no random bytes");
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out = kPrefix;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned group = bytes[i] << 16U | bytes[i + 1] << 8U | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) out += kAlphabet[group >> shift & 63U];
  }
  out.pop_back();
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return out;
}

bool good_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) || c == '.' || c == '_' || c == '-');
  });
}

Token parse(const std::string& line, const std::string& where) {
  std::istringstream words(line);
  std::string role, digest, rest;
  Token token;
  if (!(words >> token.name >> role >> digest >> token.created) || words >> rest) fail(where, "four words a line");
  const auto known = role_named(role);
  const auto bytes = unhex(digest);
  if (!good_name(token.name) || !known || !bytes) fail(where, "not written by `lynceus token`");
  token.role = *known;
  token.sha256 = *bytes;
  return token;
}

std::string read_all(int fd, const std::string& file) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0) fail_errno(file);
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > kMostBytes) fail(file, "too large");
  }
}

/// Held while the file is read, changed and replaced: two who add at a time must both be there in the end.
class Lock {
 public:
  explicit Lock(const std::string& folder) : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_.get() < 0 || ::flock(folder_.get(), LOCK_EX) != 0) fail_errno(folder);
  }
  int get() const { return folder_.get(); }

 private:
  Fd folder_;
};

/// A root that makes a token for a service must leave a file the service can read.
void take_owner_of(int folder, int fd) {
  struct stat owner {};
  if (::geteuid() != 0 || ::fstat(folder, &owner) != 0) return;
  if (::fchown(fd, owner.st_uid, owner.st_gid) != 0) fail_errno("tokens");
}

void write_draft(int folder, const std::string& draft, const std::string& text) {
  const Fd file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0 || ::fchmod(file.get(), 0600) != 0) fail_errno(draft);
  take_owner_of(folder, file.get());
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t put = ::write(file.get(), text.data() + written, text.size() - written);
    if (put < 0) fail_errno(draft);
    written += static_cast<std::size_t>(put);
  }
  if (::fsync(file.get()) != 0) fail_errno(draft);
}

void replace(const Lock& folder, const std::string& file, const std::vector<Token>& tokens) {
  std::string text;
  for (const Token& token : tokens) {
    text += token.name + " " + name(token.role) + " " + hex(token.sha256) + " " + token.created + "\n";
  }
  const std::string draft = file + ".new";
  write_draft(folder.get(), draft, text);
  if (std::rename(draft.c_str(), file.c_str()) != 0 || ::fsync(folder.get()) != 0) fail_errno(file);
}

}  // namespace

const char* name(Role role) {
  switch (role) {
    case Role::view:
      return "view";
    case Role::operate:
      return "operate";
    case Role::admin:
      return "admin";
  }
  return "view";
}

std::optional<Role> role_named(std::string_view text) {
  for (const Role role : {Role::view, Role::operate, Role::admin}) {
    if (text == name(role)) return role;
  }
  return std::nullopt;
}

std::string tokens_file(const std::string& state_directory) { return state_directory + "/tokens"; }

std::vector<Token> read_tokens(const std::string& state_directory) {
  const std::string path = tokens_file(state_directory);
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return {};
  struct stat facts {};
  if (file.get() < 0 || ::fstat(file.get(), &facts) != 0) fail_errno(path);
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) fail(path, "may be written by others: chmod 0600");
  std::istringstream lines(read_all(file.get(), path));
  std::vector<Token> tokens;
  for (std::string line; std::getline(lines, line);) {
    tokens.push_back(parse(line, path + ":" + std::to_string(tokens.size() + 1)));
  }
  return tokens;
}

std::string add_token(const std::string& state_directory, const std::string& name, Role role, WallTime now) {
  if (!good_name(name)) fail(name, "a name is 1 to 64 of A-Z a-z 0-9 . _ -", Exit::usage);
  const Lock lock(state_directory);
  std::vector<Token> tokens = read_tokens(state_directory);
  if (std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) { return token.name == name; })) {
    fail(name, "there is a token of that name; remove it first", Exit::usage);
  }
  if (tokens.size() >= kMostTokens) fail(name, "there are 1000 tokens; remove some", Exit::usage);
  const std::string secret = random_secret();
  tokens.push_back({name, role, hash(secret), rfc3339(now)});
  replace(lock, tokens_file(state_directory), tokens);
  return secret;
}

bool remove_token(const std::string& state_directory, const std::string& name) {
  const Lock lock(state_directory);
  std::vector<Token> tokens = read_tokens(state_directory);
  if (std::erase_if(tokens, [&](const Token& token) { return token.name == name; }) == 0) return false;
  replace(lock, tokens_file(state_directory), tokens);
  return true;
}

const Token* match(const std::vector<Token>& tokens, std::string_view secret) {
  const Sha256 given = hash(secret);
  const Token* found = nullptr;
  for (const Token& token : tokens) {  // all of them, whichever it is
    if (CRYPTO_memcmp(token.sha256.data(), given.data(), given.size()) == 0) found = &token;
  }
  return found;
}

}  // namespace lynceus::config
