#include "tools/evaluate/context_clip.h"

#include <algorithm>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <system_error>

#include "base/error.h"
#include "pipeline/ingest/reader.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

/// NAME.anything or a folder NAME; pictures before anything else.
std::string find_named(const std::string& folder, const std::string& name) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path& path = entry.path();
    const bool fits = entry.is_directory(error) ? path.filename() == name : path.stem() == name;
    if (fits) found.push_back(path.string());
  }
  std::sort(found.begin(), found.end());
  const auto picture = std::find_if(found.begin(), found.end(), picture::has_picture_suffix);
  if (picture != found.end()) return *picture;
  return found.empty() ? "" : found.front();
}

cv::Mat to_8bit(const cv::Mat& pixels) {
  if (pixels.depth() == CV_8U) return pixels;
  cv::Mat out;
  pixels.convertTo(out, CV_8U, 1.0 / 256);
  return out;
}

}  // namespace

ContextClip find_context_clip(const std::string& folder) {
  ContextClip clip;
  clip.day = find_named(folder, "day");
  clip.reference = find_named(folder, "reference");
  if (clip.day.empty()) throw Error(Exit::unreadable, "evaluate", folder, "no day.* in it");
  std::error_code error;
  if (!fs::is_directory(folder + "/night", error))
    throw Error(Exit::unreadable, "evaluate", folder, "no folder night/ in it");
  clip.frames = ingest::pictures_of(folder + "/night");
  if (clip.frames.empty()) throw Error(Exit::unreadable, "evaluate", folder + "/night", "no pictures in it");
  if (!fs::is_directory(folder + "/mask", error)) return clip;
  clip.masks = ingest::pictures_of(folder + "/mask");
  if (clip.masks.size() != clip.frames.size())
    throw Error(Exit::unreadable, "evaluate", folder + "/mask",
                std::to_string(clip.masks.size()) + " masks for " + std::to_string(clip.frames.size()) + " frames");
  return clip;
}

cv::Mat read_colour(const std::string& path) {
  const cv::Mat pixels = to_8bit(picture::read(path).pixels);
  if (pixels.channels() == 3) return pixels;
  cv::Mat out;
  cv::cvtColor(pixels, out, cv::COLOR_GRAY2BGR);
  return out;
}

cv::Mat read_mask(const std::string& path) {
  cv::Mat grey = to_8bit(picture::read(path).pixels);
  if (grey.channels() == 3) cv::cvtColor(grey, grey, cv::COLOR_BGR2GRAY);
  return grey > 127;
}

}  // namespace lynceus::tools
