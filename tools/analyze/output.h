// What --out leaves behind: annotated pictures, views, and for a video an annotated video.
//
// NAME is the file's name less its last extension, NAME-FFFFFF for a frame of a video. An input is never written over:
// where NAME.png is the input itself it is NAME.annotated.png. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pipeline/camera/report.h"
#include "pipeline/ingest/reader.h"
#include "tools/analyze/video_file.h"

namespace lynceus::tools {

class Output {
 public:
  /// Makes the folder. Throws Error (Exit::fatal) when it cannot.
  explicit Output(std::string folder);

  /// The next input; `fps` 0: not known. Ends the video of the one before.
  void begin(const std::string& input, ingest::InputKind kind, double fps);
  void write(const ingest::Picture& picture, std::int64_t frame, const camera::AnalyzerReport& report);
  /// Ends the video, if there is one.
  void finish();

 private:
  std::string path_for(const std::string& name, const std::string& input) const;
  void write_video(const cv::Mat& annotated);

  const std::string folder_;
  std::string input_;
  ingest::InputKind kind_ = ingest::InputKind::image;
  double fps_ = 0;
  std::unique_ptr<VideoFile> video_;
};

/// NAME of an input: a file's name less its last extension, the last part of a URL's path.
std::string name_of(const std::string& input);

}  // namespace lynceus::tools
