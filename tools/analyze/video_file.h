// A video file written frame by frame: H.264 in fragmented MP4 where an encoder is installed and the size is even, else
// JPEG in Matroska. Readable up to the last second whenever the process ends. Thread: bound to its owner.
//
//   VideoFile file("/tmp/yard.annotated", {1280, 720}, 25);   // makes .mp4 or .mkv
//   file.write(bgr);
//   file.finish();
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

#include "base/gst.h"

namespace lynceus::tools {

class VideoFile {
 public:
  /// `fps` 0: 25. Throws Error (Exit::fatal) when no encoder is there or the file cannot be made.
  VideoFile(const std::string& path_without_suffix, cv::Size size, double fps);
  ~VideoFile();
  VideoFile(const VideoFile&) = delete;
  VideoFile& operator=(const VideoFile&) = delete;

  /// 8UC3; a picture of another size (the stream changed) is fitted.
  void write(const cv::Mat& bgr);
  /// Ends the file; throws Error (Exit::fatal) when it could not be written.
  void finish();
  const std::string& path() const { return path_; }

 private:
  void wait_for_room();
  void throw_on_error(GstClockTime wait);

  const cv::Size size_;
  int rate_ = 25, per_ = 1;  // frames in so many seconds
  std::string path_;
  gst::ElementPtr pipeline_, source_;
  gst::BusPtr bus_;
  std::uint64_t frames_ = 0;
};

}  // namespace lynceus::tools
