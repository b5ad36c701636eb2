#include "daemon/live/draw.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pipeline/camera/overlay.h"

namespace lynceus::daemon {
namespace {

bool sane(const cv::Point2d& p) { return std::abs(p.x) <= 2 && std::abs(p.y) <= 2; }  // 0..1 of the picture

void black_out(cv::Mat& picture, const std::vector<sdk::Polygon>& masks) {
  for (const auto& mask : masks) {
    std::vector<cv::Point> points;
    for (const auto& p : mask) {
      if (sane(p)) points.emplace_back(cvRound(p.x * picture.cols), cvRound(p.y * picture.rows));
    }
    if (points.size() >= 3) cv::fillPoly(picture, std::vector<std::vector<cv::Point>>{points}, cv::Scalar(0, 0, 0));
  }
}

}  // namespace

cv::Mat picture_raw(const CameraSnapshot& live, const std::vector<sdk::Polygon>& privacy_masks) {
  if (privacy_masks.empty()) return live.frame->bgr();
  cv::Mat picture = live.frame->bgr().clone();
  black_out(picture, privacy_masks);
  return picture;
}

cv::Mat picture_overlay(const CameraSnapshot& live, const std::vector<sdk::Polygon>& privacy_masks) {
  std::vector<const sdk::Overlay*> overlays;
  for (const PluginWord& word : live.plugins) overlays.push_back(&word.observations->overlay);
  return camera::draw_overlay(picture_raw(live, privacy_masks), overlays);
}

cv::Mat viewable(const cv::Mat& view) {
  if (view.empty() || view.type() == CV_8UC1 || view.type() == CV_8UC3) return view;
  if (view.channels() != 1) return {};
  cv::Mat out;
  cv::normalize(view, out, 0, 255, cv::NORM_MINMAX, CV_8U);
  return out;
}

}  // namespace lynceus::daemon
