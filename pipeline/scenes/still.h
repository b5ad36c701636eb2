// Test card: colour bars, grey wedge, fine texture, a running clock and a moving block.
//
// Only the clock and the block's track change; constant_region() is where nothing ever does, so transport tests can
// compare pixels there and look for a frozen picture elsewhere.
// Thread: bound to its owner.
#pragma once

#include "pipeline/scenes/scene.h"

namespace lynceus::scenes {

class StillScene final : public Scene {
 public:
  explicit StillScene(const SceneSettings& settings);
  cv::Mat render(double time_s) override;
  Truth truth(double time_s) const override;

  cv::Rect constant_region() const;
  cv::Rect clock_region() const;
  cv::Rect block(double time_s) const;

 private:
  cv::Rect strip(double from, double to) const;

  cv::Size size_;
  cv::Mat card_;
};

}  // namespace lynceus::scenes
