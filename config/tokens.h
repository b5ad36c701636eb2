// The tokens file of the state directory: who may speak to the daemon, and what they may do.
//
// A token is 256 random bits; the file holds names, roles and SHA-256 only, a line each: "NAME ROLE HEX CREATED".
// `lynceus token` writes it, the daemon reads it again whenever it changed. Thread: pure functions on files.
//
//   const std::string secret = config::add_token(folder, "ops", Role::operate, now);   // shown once, stored nowhere
//   const Token* who = config::match(config::read_tokens(folder), secret);
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace lynceus::config {

/// Each may what those before it may.
enum class Role { view, operate, admin };
const char* name(Role role);
std::optional<Role> role_named(std::string_view name);

struct Token {
  std::string name;
  Role role = Role::view;
  std::array<std::uint8_t, 32> sha256{};
  std::string created;  ///< RFC 3339
};

std::string tokens_file(const std::string& state_directory);

/// No file: no tokens. Throws Error (Exit::fatal) for one that is damaged, unreadable, or writable by others: who could
/// write it could let himself in.
std::vector<Token> read_tokens(const std::string& state_directory);

/// Makes a token and returns it. The file is replaced whole, mode 0600, with the owner of the folder.
/// Throws Error: a name that is taken or not written as [A-Za-z0-9._-]{1,64} (Exit::usage), a failing disk (fatal).
std::string add_token(const std::string& state_directory, const std::string& name, Role role, WallTime now);
/// False when no token has that name.
bool remove_token(const std::string& state_directory, const std::string& name);

/// The token's row, or null. Takes as long for a wrong one as for a right one.
const Token* match(const std::vector<Token>& tokens, std::string_view secret);

}  // namespace lynceus::config
