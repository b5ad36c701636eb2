// The recommended profile: video (what does not belong to the place, without looking ahead) and pairs of pictures.
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "plugins/context/enhancer.h"
#include "plugins/context/settings.h"

namespace lynceus::context {

/// `day` and `reference` (empty: none) are 8UC3 of one size.
std::unique_ptr<Enhancer> make_recommended_video(const Settings& settings, const cv::Mat& day,
                                                 const cv::Mat& reference);
/// The same with what is bright or edged (and differs from the reference) as important.
std::unique_ptr<Enhancer> make_recommended_pair(const Settings& settings, const cv::Mat& day, const cv::Mat& reference);

}  // namespace lynceus::context
