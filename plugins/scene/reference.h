// How the room was when somebody said that it is as it should be: stored, one by day and one by night.
//
// Bytes out of the store are judged like a stranger's: a blob that is not whole, of another version or of another
// network gives no reference. Thread: bound to the analyzer.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "plugins/scene/segmenter.h"
#include "plugins/scene/vote.h"

namespace lynceus::scene {

std::vector<std::byte> to_blob(const RoomView& room, const Fingerprint& network);
std::optional<RoomView> from_blob(std::span<const std::byte> blob, const Fingerprint& network);

/// What the reference did not see (somebody stood there) and the room shows now. True when there was any.
bool complete(RoomView& reference, const RoomView& room);

}  // namespace lynceus::scene
