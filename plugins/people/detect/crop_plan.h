// Parts of a frame put beside each other on one page, so that a network looks at them in one go. Pure. Thread: any.
#pragma once

#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace lynceus::people {

struct Crop {
  cv::Rect part;  ///< pixels of the frame
  cv::Rect at;    ///< pixels of the page
};

struct CropPlan {
  cv::Size page;  ///< empty: it pays to look at the whole frame
  std::vector<Crop> crops;
};

/// `seen`: the pixels on which the network would see the whole frame; parts are shown at that scale at least, at twice
/// it at most. Pages have sides divisible by 32 and at most `worth` of those pixels; where `page` names the only size
/// there is, parts are shown as large as it holds, up to their own size.
CropPlan plan_crops(std::span<const cv::Rect> parts, cv::Size frame, cv::Size seen, cv::Size page = {},
                    double worth = 0.6);

/// The page itself, 8UC3: for those who look at pictures only.
cv::Mat page_of(const cv::Mat& bgr, const CropPlan& plan);

/// Those that overlap become one where that costs little.
std::vector<cv::Rect> merged(std::vector<cv::Rect> parts);

}  // namespace lynceus::people
