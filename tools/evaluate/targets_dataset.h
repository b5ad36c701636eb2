// Infrared pictures with their targets: a sequence with a box or a point a line, or single pictures with masks.
//
//   sequence  groundtruth_rect.txt, groundtruth*.txt or the only other .txt: `x,y,w,h` or `x,y` a line, counted from 1;
//             pictures in img/ or beside. A line without a box (empty, zeros, nan) is a frame without one.
//   masks     images/NAME.*, masks/NAME_pixels0.png (not 0 is target), perhaps backgrounds/ without any
//
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

namespace lynceus::tools {

struct TargetSequence {
  std::string pictures;                          ///< a folder
  std::vector<std::optional<cv::Rect2d>> boxes;  ///< one a frame, pixels from 0
  bool points = false;                           ///< only middles are known; a box stands around each
};

struct MaskedPicture {
  std::string picture, mask;  ///< no mask: no target in it
};

struct TargetsDataset {
  std::optional<TargetSequence> sequence;
  std::vector<MaskedPicture> pictures;
};

/// Throws Error (Exit::unreadable) when it is neither.
TargetsDataset open_targets_dataset(const std::string& folder);

/// The line of a truth file; nothing where there is no box. Throws Error naming `where` for what is no line.
std::optional<cv::Rect2d> parse_truth_line(const std::string& line, const std::string& where, bool& point);

}  // namespace lynceus::tools
