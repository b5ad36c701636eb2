// What the camera usually sees, learned from its edges, and whether it still sees it: covered, moved, or the same.
//
// Edges, not grey levels: they stay where they are when the light changes. Day and night have memories of their own, and
// nothing is learned while something is wrong. Thread: bound to the analyzer.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::health {

/// How the view compares with the memory.
struct ViewVerdict {
  bool known = false;  ///< enough is learned, and there is enough to see
  bool covered = false;
  bool moved = false;
  double similarity = 0;  ///< correlation of the edges with the usual ones, 0..1
  double lost = 0;        ///< share of the usually detailed parts that have lost their detail
  cv::Point2d shift{};    ///< of the picture, in shares of its width and height; meaningful when moved
};

class ViewMemory {
 public:
  /// Where `ignored` is not 0 nothing counts. Learns from the picture unless it is covered or moved.
  ViewVerdict look(const cv::Mat& shrunk, const cv::Mat& ignored);
  /// Enough is learned, and there is enough to see, to miss it.
  bool known() const;
  /// Forgets everything: what is seen from now on becomes the usual view.
  void reset() { *this = ViewMemory(); }

 private:
  bool covered(const cv::Mat& edges_in_cells, const cv::Mat& means, ViewVerdict& verdict) const;
  bool moved(const cv::Mat& now, ViewVerdict& verdict) const;
  void learn(const cv::Mat& now, const cv::Mat& edges_in_cells, const cv::Mat& means, double similarity, double share);
  bool detailed() const;

  cv::Mat edges_;       ///< the usual edges, CV_32F
  cv::Mat recent_;      ///< edges of the last seconds: people and noise fade
  cv::Mat cell_edges_;  ///< usual mean edge in cells of 16 × 9
  cv::Mat cell_means_;  ///< usual mean level in cells
  double typical_ = 0;  ///< usual similarity of recent and usual edges
  int looks_ = 0;
};

}  // namespace lynceus::health
