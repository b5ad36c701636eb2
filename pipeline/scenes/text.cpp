#include "pipeline/scenes/text.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace lynceus::scenes {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kCapitalPx = 21;  // height of a capital at scale 1

double scale_of(const TextStyle& style) { return style.height_px / kCapitalPx; }
int thickness_of(const TextStyle& style) { return std::max(1, static_cast<int>(style.height_px / 11)); }

}  // namespace

cv::Size text_size(const std::string& text, const TextStyle& style) {
  int baseline = 0;
  return cv::getTextSize(text, kFont, scale_of(style), thickness_of(style), &baseline);
}

void draw_text(cv::Mat& picture, const std::string& text, cv::Point top_left, const TextStyle& style) {
  const cv::Point foot(top_left.x, top_left.y + text_size(text, style).height);
  const int thickness = thickness_of(style);
  if (style.outlined) {
    cv::putText(picture, text, foot, kFont, scale_of(style), cv::Scalar(20, 20, 20), thickness + 2, cv::LINE_AA);
  }
  cv::putText(picture, text, foot, kFont, scale_of(style), style.colour, thickness, cv::LINE_AA);
}

}  // namespace lynceus::scenes
