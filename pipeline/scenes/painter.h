// Draws flat faces and simple solids of a 3-D world into a picture, far things first, by the caller's own order.
//
// Faces are clipped in front of the camera; those that look away are left out. Where a label map is given, each face
// also writes its class there, so that picture and labels agree to the pixel.
//   Painter painter(camera, picture, &labels);   painter.box({-1, 4, 0}, {1, 5, 0.8}, {{80, 90, 140}, kFurniture});
// Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "pipeline/scenes/ground_camera.h"

namespace lynceus::scenes {

struct Paint {
  cv::Scalar colour;
  int label = 0;
  double shade = 1;  ///< brightness on top of the face's own
};

class Painter {
 public:
  Painter(const GroundCamera& camera, cv::Mat& picture, cv::Mat* labels = nullptr)
      : camera_(camera), picture_(picture), labels_(labels) {}

  /// A convex face, always drawn.
  void face(const std::vector<cv::Point3d>& corners, const Paint& paint);
  /// Axis-parallel box from its low to its high corner.
  void box(const cv::Point3d& low, const cv::Point3d& high, const Paint& paint);
  /// As a box, but the top is another rectangle: car cabins, vases.
  void frustum(const cv::Rect2d& bottom, double low, const cv::Rect2d& top, double high, const Paint& paint);
  /// A disc that faces the camera.
  void disc(const cv::Point3d& centre, double radius_m, const Paint& paint);

 private:
  void side(const std::vector<cv::Point3d>& corners, const Paint& paint, double shade);
  void fill(const std::vector<cv::Point>& polygon, const Paint& paint, double shade);

  const GroundCamera& camera_;
  cv::Mat& picture_;
  cv::Mat* labels_;
};

}  // namespace lynceus::scenes
