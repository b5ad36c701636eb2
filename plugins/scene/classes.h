// What a pixel of a room may be: the 40 classes of NYUv2, and the 13 and 4 that they are folded to.
//
//   fold(maps, 40, 4)      // probabilities of 40 classes become those of 4
//
// 4: Silberman's floor, structure, furniture, props; every one of the 40 belongs to one of them (a counter is
// structure, a floor mat props). 13: Couprie's (a floor mat is floor, a counter furniture); they cannot be folded to
// the 4. Thread: any.
#pragma once

#include <opencv2/core.hpp>
#include <string_view>
#include <vector>

namespace lynceus::scene {

/// Probabilities: a plane (CV_32F) a class, all of one size; at every pixel they add up to 1.
using Maps = std::vector<cv::Mat>;

enum Part : int { kFloor = 0, kStructure = 1, kFurniture = 2, kProps = 3 };

constexpr bool is_class_count(int count) { return count == 4 || count == 13 || count == 40; }
constexpr bool folds(int from, int to) { return is_class_count(to) && (from == to || from == 40); }

/// `classes`: 4, 13 or 40.
std::string_view class_name(int classes, int index);
/// Blue, green, red.
cv::Vec3b class_colour(int classes, int index);
/// Which of `to` classes one of the 40 belongs to.
int folded_class(int of_forty, int to);

/// Planes are shared where nothing is folded. Requires folds(maps.size(), to).
Maps fold(const Maps& maps, int to);

}  // namespace lynceus::scene
