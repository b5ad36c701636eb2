#include "pipeline/ingest/still.h"

#include <utility>

#include "pipeline/picture/picture_io.h"

namespace lynceus::ingest {

Still read_still(const std::string& path) {
  picture::Decoded decoded = picture::read(path);
  cv::Mat& pixels = decoded.pixels;
  Still still;
  still.radiometric = std::move(decoded.radiometric);
  if (pixels.depth() == CV_16U) {
    still.radiometric.emplace().raw = std::move(pixels);
  } else {
    still.picture = std::move(pixels);
  }
  return still;
}

}  // namespace lynceus::ingest
