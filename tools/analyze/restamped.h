// Files given one after another as one sequence: each reader starts its time anew, the sequence must not.
#pragma once

#include <cstdint>

#include "pipeline/ingest/reader.h"

namespace lynceus::tools {

/// Gives the picture the number and the time (25 a second) of its place in the sequence.
void restamp(ingest::Picture& picture, std::int64_t frame);

}  // namespace lynceus::tools
