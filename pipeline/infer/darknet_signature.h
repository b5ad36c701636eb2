// The input of a Darknet network as its cfg has it. Thread: any.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lynceus::infer {

/// {channels, height, width} of the [net] section. Throws std::runtime_error when they are missing or out of bounds.
std::vector<int> read_darknet_input(std::span<const std::byte> cfg);

}  // namespace lynceus::infer
