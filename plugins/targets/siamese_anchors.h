// The anchors of the network: 17×17 places 8 published pixels apart, five shapes each; from its outputs to the best box.
//
//   const Proposal best = best_proposal(anchors, box);   // anchors: 1×30×17×17
//
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::targets {

constexpr int kAnchorShapes = 5;

/// Centre and size against the search crop's middle, in published pixels.
struct Anchor {
  double x = 0, y = 0, width = 1, height = 1;
};
/// d_a, d_b, d_c, d_g of the published method.
struct AnchorCode {
  double x = 0, y = 0, width = 0, height = 0;
};

/// Small targets have small anchors: without that, those of a few pixels would match none.
Anchor anchor_at(int shape, int row, int column, cv::Size2d target);
AnchorCode encode(const Anchor& anchor, const Anchor& box);
Anchor decode(const Anchor& anchor, const AnchorCode& code);

struct Proposal {
  double probability = 0;  ///< of a target, before penalty and window
  cv::Rect2d box;          ///< pixels of the picture, the size as proposed
  double trust = 0;        ///< probability × penalty: how far the size may follow
};

/// `around`: the box whose crop was searched. Changes of size and shape are penalised, places far from the middle too.
Proposal best_proposal(const cv::Mat& anchors, const cv::Rect2d& around);

}  // namespace lynceus::targets
