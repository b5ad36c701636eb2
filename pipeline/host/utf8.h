// Text from a plugin, made fit to be shown: valid UTF-8, no control characters, bounded length.
// Thread: any (no shared state).
#pragma once

#include <cstddef>
#include <string>

namespace lynceus::host {

/// Bytes that are no UTF-8 become U+FFFD, control characters a space; cut at a character, at most `bound` bytes.
/// True when anything was changed.
bool clean_text(std::string& text, std::size_t bound);

}  // namespace lynceus::host
