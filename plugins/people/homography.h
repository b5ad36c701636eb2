// The plane-to-plane mapping that four points give, in double precision, and what four points must be to give one.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <vector>

namespace lynceus::people {

/// Normalised direct linear transform; from.size() == to.size() >= 4. More than four points: least squares.
/// Scaled so that the third coordinate is positive at `from`. Throws std::invalid_argument for points that fix none.
cv::Matx33d homography(std::span<const cv::Point2d> from, std::span<const cv::Point2d> to);

/// Why four picture points (y down) and their metres (seen from above) are no calibration; empty when they are one:
/// both convex, no three in a line, and going round in opposite senses on paper.
std::string four_point_fault(std::span<const cv::Point2d> image, std::span<const cv::Point2d> metres);

inline cv::Vec3d mapped(const cv::Matx33d& h, const cv::Point2d& p) { return h * cv::Vec3d(p.x, p.y, 1); }

}  // namespace lynceus::people
