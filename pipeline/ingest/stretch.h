// A 16-bit picture as one of 8 bits that people and analyzers can look at: its own least to greatest value.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::ingest {

cv::Mat stretched(const cv::Mat& wide);

}  // namespace lynceus::ingest
