// The profile seed: the published method to the letter, in double, with its own solver. Slow, for comparison.
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "plugins/context/enhancer.h"
#include "plugins/context/settings.h"

namespace lynceus::context {

/// Section 3: one night picture (`reference` empty), or with a night reference.
std::unique_ptr<Enhancer> make_seed_pair(const Settings& settings, const cv::Mat& day, const cv::Mat& reference);
/// Algorithm 2; looks nine frames ahead.
std::unique_ptr<Enhancer> make_seed_video(const Settings& settings, const cv::Mat& day);

/// Where nothing is important, the greater gradient of both pictures counts: the weight for the gradients.
cv::Mat with_greater_gradient(const cv::Mat& importance, const cv::Mat& night, const cv::Mat& day);

}  // namespace lynceus::context
