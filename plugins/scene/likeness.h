// What of a picture is as it was, but for the light: compared by the pattern around each pixel, and where there is none
// by its colour under the light of now. A network's answer changes with the light; the room does not. Thread: any.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::scene {

/// 255 where the two (CV_32FC3, one size) show the same thing. Where `usable` (CV_8UC1) is 0, what is said means
/// nothing.
cv::Mat same_as_before(const cv::Mat& before, const cv::Mat& now, const cv::Mat& usable);

/// 255 where the colour itself is another, whatever the light: no more than that can be said where only the picture is
/// asked.
cv::Mat clearly_other(const cv::Mat& before, const cv::Mat& now, const cv::Mat& usable);

}  // namespace lynceus::scene
