// A clip of `evaluate context` on disk: day.*, night/*, optional reference.* and mask/* (255 = foreground), one mask a frame.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace lynceus::tools {

struct ContextClip {
  std::string day;                  ///< picture, folder or video
  std::string reference;            ///< empty: none
  std::vector<std::string> frames;  ///< in natural order
  std::vector<std::string> masks;   ///< empty, or one a frame
};

/// Throws Error (Exit::unreadable) when day or night are missing, or the masks are not as many as the frames.
ContextClip find_context_clip(const std::string& folder);

/// 8UC3, whatever the file holds.
cv::Mat read_colour(const std::string& path);
/// 8UC1, 255 where the picture is more than half bright.
cv::Mat read_mask(const std::string& path);

}  // namespace lynceus::tools
