// What a Darknet cfg says of its network, and what must be said to it. Thread: any.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace lynceus::infer {

/// {channels, height, width} of the [net] section. Throws std::runtime_error when they are missing or out of bounds.
std::vector<int> read_darknet_input(std::span<const std::byte> cfg);

/// The same cfg, but its heads keep every score from 0.001 on: OpenCV's put 0 in place of all up to 0.2, which is not
/// theirs to decide.
std::string with_all_scores(std::span<const std::byte> cfg);

}  // namespace lynceus::infer
