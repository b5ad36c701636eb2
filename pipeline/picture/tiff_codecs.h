// How the blocks (strips, tiles) of a TIFF are packed. Every function writes `out` whole or throws BadPicture; none reads
// or writes outside its spans. Thread: any (no shared state).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "pipeline/picture/codecs.h"

namespace lynceus::picture::tiff {

enum class Packing : std::uint32_t { none = 1, lzw = 5, deflate = 8, packbits = 32773, old_deflate = 32946 };

void unpack(Packing packing, Bytes in, std::span<std::uint8_t> out);

/// Undoes horizontal differencing of one row: each sample is stored as its difference to the one `samples` before.
void undo_differences(std::span<std::uint8_t> row, std::size_t samples);
void undo_differences(std::span<std::uint16_t> row, std::size_t samples);

}  // namespace lynceus::picture::tiff
