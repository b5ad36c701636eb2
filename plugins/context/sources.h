// What the options name, read once: the day picture (a median where there are several), the night reference, the areas.
// Thread: bound to the analyzer.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "plugins/sdk/services.h"

namespace lynceus::context {

/// The median of 15 s of a video, five pictures a second, or of a folder's pictures; 8UC3. Throws std::runtime_error.
cv::Mat read_median(sdk::Pictures& pictures, const std::string& path);
/// 8UC3, the first picture there.
cv::Mat read_first(sdk::Pictures& pictures, const std::string& path);
/// 8UC1 each, at most 3000 of them and 256 MiB.
std::vector<cv::Mat> read_masks(sdk::Pictures& pictures, const std::string& path);

/// Per pixel and channel; all of one size and 8UC3. An even number: the lower of the middle two.
cv::Mat median_of(const std::vector<cv::Mat>& pictures);

}  // namespace lynceus::context
