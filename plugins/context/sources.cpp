#include "plugins/context/sources.h"

#include <algorithm>
#include <cstdint>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace lynceus::context {
namespace {

constexpr double kClip_s = 15, kStep_s = 0.2;
constexpr std::size_t kMostPictures = 75;
constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr std::size_t kMostMasks = 3000;

std::size_t bytes_of(const cv::Mat& picture) { return picture.total() * picture.elemSize(); }

}  // namespace

cv::Mat median_of(const std::vector<cv::Mat>& pictures) {
  if (pictures.size() == 1) return pictures[0].clone();
  cv::Mat out(pictures.at(0).size(), CV_8UC3);
  const std::size_t middle = (pictures.size() - 1) / 2;
  cv::parallel_for_({0, out.rows}, [&](const cv::Range& rows) {
    std::vector<std::uint8_t> values(pictures.size());
    for (int y = rows.start; y < rows.end; ++y) {
      for (int i = 0; i < 3 * out.cols; ++i) {
        for (std::size_t k = 0; k < values.size(); ++k) values[k] = pictures[k].ptr(y)[i];
        std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(middle), values.end());
        out.ptr(y)[i] = values[middle];
      }
    }
  });
  return out;
}

cv::Mat read_median(sdk::Pictures& pictures, const std::string& path) {
  std::vector<cv::Mat> kept;
  std::size_t bytes = 0;
  double next_s = 0;
  pictures.read(path, [&](const cv::Mat& picture, double time_s) {
    const bool fits = kept.empty() || picture.size() == kept[0].size();
    // A folder's pictures have no rate: a second lies between them, and each is taken.
    if (!fits || time_s + 1e-3 < next_s) return true;
    kept.push_back(picture.clone());
    bytes += bytes_of(picture);
    next_s = time_s + kStep_s;
    return kept.size() < kMostPictures && bytes < kMostBytes &&
           (time_s < kClip_s || time_s >= double(kept.size()) - 1.5);
  });
  return median_of(kept);
}

cv::Mat read_first(sdk::Pictures& pictures, const std::string& path) {
  cv::Mat first;
  pictures.read(path, [&](const cv::Mat& picture, double) {
    first = picture.clone();
    return false;
  });
  return first;
}

std::vector<cv::Mat> read_masks(sdk::Pictures& pictures, const std::string& path) {
  std::vector<cv::Mat> masks;
  std::size_t bytes = 0;
  pictures.read(path, [&](const cv::Mat& picture, double) {
    cv::Mat grey;
    cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
    bytes += bytes_of(grey);
    if (masks.size() == kMostMasks || bytes > kMostBytes) throw std::runtime_error(path + ": too many areas");
    masks.push_back(grey);
    return true;
  });
  return masks;
}

}  // namespace lynceus::context
