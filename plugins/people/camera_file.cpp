#include "plugins/people/camera_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <opencv2/calib3d.hpp>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace lynceus::people {
namespace {

constexpr double kCentimetre = 0.01;
const cv::Size kWildtrack{1920, 1080};

void append(const cv::FileNode& node, std::vector<double>& out) {
  if (out.size() > 64) throw std::invalid_argument("a list that is too long");
  if (node.isSeq() || node.isMap()) {
    for (const auto& item : node) append(item, out);
  } else if (node.isString()) {
    std::istringstream words(node.string());
    for (double v = 0; words >> v;) out.push_back(v);
    if (!words.eof()) throw std::invalid_argument("not all of it is numbers");
  } else if (node.isReal() || node.isInt()) {
    out.push_back(node.real());
  } else {
    throw std::invalid_argument("not all of it is numbers");
  }
}

/// All numbers under a key, in order; `least` to `most` of them.
std::vector<double> numbers(const cv::FileNode& root, const char* key, std::size_t least, std::size_t most) {
  const cv::FileNode node = root[key];
  if (node.empty()) throw std::invalid_argument(std::string("the key '") + key + "' is missing");
  std::vector<double> out;
  // A matrix as OpenCV writes it has its numbers under `data`.
  append(node.isMap() ? node["data"] : node, out);
  const bool finite = std::all_of(out.begin(), out.end(), [](double v) { return std::isfinite(v); });
  if (out.size() < least || out.size() > most || !finite) {
    throw std::invalid_argument(std::string(key) + ": " + std::to_string(out.size()) +
                                " numbers, accepted: " + std::to_string(most));
  }
  return out;
}

cv::Matx33d matrix(const std::vector<double>& v) { return cv::Matx33d(v.data()); }

cv::Matx33d rotation(const std::vector<double>& v) {
  cv::Matx33d r;
  cv::Rodrigues(cv::Vec3d(v[0], v[1], v[2]), r);
  return r;
}

void check(const sdk::Ground::Calibration& c) {
  if (!(c.k(0, 0) > 0) || !(c.k(1, 1) > 0)) throw std::invalid_argument("K: the focal lengths must be positive");
  const cv::Matx33d rest = c.r * c.r.t() - cv::Matx33d::eye();
  const bool orthogonal =
      std::all_of(std::begin(rest.val), std::end(rest.val), [](double v) { return std::abs(v) < 1e-3; });
  if (!orthogonal || cv::determinant(c.r) < 0) throw std::invalid_argument("R: no rotation");
  const std::array lengths{0, 4, 5, 8, 12, 14};
  if (std::find(lengths.begin(), lengths.end(), int(c.distortion.size())) == lengths.end())
    throw std::invalid_argument("dist: accepted are 4, 5, 8, 12 or 14 numbers");
}

sdk::Ground::Calibration read_json(const cv::FileNode& root) {
  sdk::Ground::Calibration out;
  const auto width = numbers(root, "width", 1, 1), height = numbers(root, "height", 1, 1);
  if (!(width[0] >= 1 && width[0] <= 65536 && height[0] >= 1 && height[0] <= 65536))
    throw std::invalid_argument("no picture size");
  out.size = {int(width[0]), int(height[0])};
  out.k = matrix(numbers(root, "K", 9, 9));
  if (!root["dist"].empty()) out.distortion = numbers(root, "dist", 0, 14);
  out.r = root["R"].empty() ? rotation(numbers(root, "rvec", 3, 3)) : matrix(numbers(root, "R", 9, 9));
  const auto t = numbers(root, "t_m", 3, 3);
  out.t_m = {t[0], t[1], t[2]};
  return out;
}

sdk::Ground::Calibration read_xml(const cv::FileNode& inner, const cv::FileNode& outer) {
  sdk::Ground::Calibration out;
  out.size = kWildtrack;
  if (!inner["image_width"].empty() && !inner["image_height"].empty()) {
    out.size = {int(numbers(inner, "image_width", 1, 1)[0]), int(numbers(inner, "image_height", 1, 1)[0])};
  }
  out.k = matrix(numbers(inner, "camera_matrix", 9, 9));
  if (!inner["distortion_coefficients"].empty()) out.distortion = numbers(inner, "distortion_coefficients", 0, 14);
  out.r = rotation(numbers(outer, "rvec", 3, 3));
  const auto t = numbers(outer, "tvec", 3, 3);
  out.t_m = cv::Vec3d(t[0], t[1], t[2]) * kCentimetre;
  return out;
}

cv::FileStorage opened(const std::string& text) {
  cv::FileStorage storage(text, cv::FileStorage::READ | cv::FileStorage::MEMORY);
  if (!storage.isOpened()) throw std::invalid_argument("neither JSON nor XML");
  return storage;
}

}  // namespace

sdk::Ground::Calibration read_camera(const std::string& calibration, const std::string& extrinsic) {
  try {
    const cv::FileStorage inner = opened(calibration);
    sdk::Ground::Calibration out;
    if (extrinsic.empty()) {
      if (!inner.root()["camera_matrix"].empty()) throw std::invalid_argument("OpenCV XML needs `extrinsic` beside it");
      out = read_json(inner.root());
    } else {
      const cv::FileStorage outer = opened(extrinsic);
      out = read_xml(inner.root(), outer.root());
    }
    check(out);
    return out;
  } catch (const cv::Exception& error) {
    throw std::invalid_argument("cannot be read: " + error.err);
  }
}

}  // namespace lynceus::people
