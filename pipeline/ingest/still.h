// A picture file as a Frame wants it: 16-bit pictures are temperatures, kelvin × 100; a radiometric JPEG has its own
// beneath its colours. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "plugins/sdk/frame.h"

namespace lynceus::ingest {

struct Still {
  cv::Mat picture;  ///< 8UC1 or 8UC3; empty when there are temperatures alone
  std::optional<sdk::Radiometric> radiometric;
};

/// Throws Error (Exit::unreadable).
Still read_still(const std::string& path);

}  // namespace lynceus::ingest
