#include "daemon/live/draw.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <vector>

#include "pipeline/camera/overlay.h"

namespace lynceus::daemon {
namespace {

/// Made of positions and no pixel of the camera.
bool drawn(const PluginWord& word, const sdk::View& view) {
  constexpr std::array<std::string_view, 3> kOfPeople{"topdown", "panel", "heatmap"};
  return word.plugin == "people" && std::find(kOfPeople.begin(), kOfPeople.end(), view.name) != kOfPeople.end();
}

cv::Mat hidden(const cv::Mat& picture, const Veil& veil, const CameraSnapshot& live, const FrameName& frame) {
  cv::Mat out = picture.clone();
  hide(out, veil, live, frame);
  return out;
}

}  // namespace

cv::Mat picture_raw(const CameraSnapshot& live, const Veil& veil) {
  if (veil.empty()) return live.frame->bgr();
  return hidden(live.frame->bgr(), veil, live, name_of(*live.frame));
}

cv::Mat picture_overlay(const CameraSnapshot& live, const Veil& veil) {
  std::vector<const sdk::Overlay*> overlays;
  for (const PluginWord& word : live.plugins) overlays.push_back(&word.observations->overlay);
  return camera::draw_overlay(picture_raw(live, veil), overlays);
}

cv::Mat picture_view(const CameraSnapshot& live, const PluginWord& word, const sdk::View& view, const Veil& veil) {
  const cv::Mat picture = viewable(view.picture);
  if (veil.empty() || picture.empty() || drawn(word, view)) return picture;
  return hidden(picture, veil, live, name_of(word));
}

cv::Mat viewable(const cv::Mat& view) {
  if (view.empty() || view.type() == CV_8UC1 || view.type() == CV_8UC3) return view;
  if (view.channels() != 1) return {};
  cv::Mat out;  // 0 means nothing is known there: it stays black and does not spoil the others' range
  cv::normalize(view, out, 0, 255, cv::NORM_MINMAX, CV_8U, view > 0);
  return out;
}

}  // namespace lynceus::daemon
