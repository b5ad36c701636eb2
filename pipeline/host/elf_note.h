// Reads the note of a plugin file (plugins/sdk/note.h) without running anything of it.
//
// The file is untrusted: every offset and length is checked against the file's size before a byte is read, and only the
// headers, the section names and the note itself are read. Anything odd ends in std::runtime_error with a reason that
// makes sense to whoever put the file there. Thread: any (no shared state).
//
//   const PluginNote note = read_plugin_note("plugins/lynceus_health.so");
//   if (note.built_for != LYNCEUS_BUILT_FOR) refuse(build_difference(note.built_for, LYNCEUS_BUILT_FOR));
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace lynceus::host {

/// What a plugin file says of itself.
struct PluginNote {
  std::string built_for;  ///< as LYNCEUS_BUILT_FOR
  std::string plugin;     ///< the plugin's name
};

/// A file or a block of memory, read piecewise: fills `out` from `offset`, false when it cannot.
struct ByteSource {
  std::uint64_t size = 0;
  std::function<bool(std::uint64_t offset, std::span<std::byte> out)> read;
};

PluginNote parse_plugin_note(const ByteSource& source);
PluginNote parse_plugin_note(std::span<const std::byte> file);
/// A regular file of at most 256 MiB.
PluginNote read_plugin_note(const std::string& file);

/// What differs, in words: "built for sdk 0, this is sdk 1; built for opencv 3.4, this is opencv 4.6". Empty: nothing.
std::string build_difference(std::string_view theirs, std::string_view ours);

}  // namespace lynceus::host
