// Draws what analyzers want to show over a picture. Thread: reentrant.
//
//   cv::Mat annotated = draw_overlay(frame.bgr(), {&overlay_of_people, &overlay_of_health});
#pragma once

#include <opencv2/core.hpp>
#include <span>

#include "plugins/sdk/observations.h"

namespace lynceus::camera {

/// A copy of the picture (8UC3, or 8UC1 which becomes 8UC3) with the overlays drawn in order. Text is kept inside.
cv::Mat draw_overlay(const cv::Mat& bgr, std::span<const sdk::Overlay* const> overlays);

}  // namespace lynceus::camera
