// The parts of the picture in which something must be solved: around each thing, as far as its influence reaches.
//
// A side that lies on the picture's border has no slope there; on every other side the day picture goes on unchanged.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "plugins/context/axis_view.h"

namespace lynceus::context {

struct Window {
  cv::Rect rect;
  Ends horizontal = Ends::even, vertical = Ends::even;
};

Window whole_picture(cv::Size size);

/// `importance`: 8UC1 of any size, stretched over the picture; windows hold all that is not 0 with `margin` pixels of the
/// picture around it, do not overlap, and are of even place, even size and of lengths that the transforms are quick with.
std::vector<Window> windows_around(const cv::Mat& importance, cv::Size picture, int margin);

}  // namespace lynceus::context
