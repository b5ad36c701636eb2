// The far half of a large frame once more, in tiles: people there are too small for a look at the whole.
//
// The upper half is cut into tiles that overlap by a fifth; a box that ends at a cut is dropped, the next tile or the
// look at the whole frame has that person whole. Frames not larger than one and a half inputs are looked at once.
// Thread: bound to the camera's worker.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/people/detect/detector.h"

namespace lynceus::people {

class TiledDetector final : public Detector {
 public:
  TiledDetector(std::unique_ptr<Detector> inner, double nms) : inner_(std::move(inner)), nms_(nms) {}

  std::string name() const override { return inner_->name(); }
  double operating_point() const override { return inner_->operating_point(); }
  std::vector<Detection> detect(const sdk::PictureRef& picture) override;
  cv::Size seen(cv::Size frame) const override;
  cv::Size page() const override { return inner_->page(); }
  std::vector<Detection> detect_page(const sdk::PictureRef& picture, const CropPlan& plan) override {
    return inner_->detect_page(picture, plan);
  }

 private:
  std::unique_ptr<Detector> inner_;
  const double nms_;
};

/// Tiles of the upper half of a frame for a detector that sees it on so many pixels; none where the frame is not large.
std::vector<cv::Rect> far_tiles(cv::Size frame, cv::Size seen);

/// Whether a box found in a window ends at a border of the window that is none of the frame.
bool cut_off(const cv::Rect2d& box, const cv::Rect& window, cv::Size frame, double margin);

/// Drops boxes that lie almost whole in a better or a larger one of another look at the same people, then suppresses.
std::vector<Detection> merge_looks(std::vector<Detection> boxes, double iou);

}  // namespace lynceus::people
