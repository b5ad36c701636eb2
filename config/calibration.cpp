#include "config/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "config/problem.h"
#include "config/substitute.h"
#include "config/yaml_tree.h"

namespace lynceus::config {
namespace {

using Json = nlohmann::json;

const std::vector<std::string>& keys() {
  static const std::vector<std::string> all{"width", "height", "K", "dist", "R", "rvec", "t_m"};
  return all;
}

double number(const Json& value, const std::string& key) {
  if (!value.is_number()) throw std::runtime_error(key + ": not all of it is numbers");
  const double out = value.get<double>();
  if (!std::isfinite(out)) throw std::runtime_error(key + ": a number that is not finite");
  return out;
}

/// Nested lists or a flat one, row by row.
std::vector<double> numbers(const Json& json, const std::string& key, std::size_t least, std::size_t most) {
  if (!json.contains(key)) throw std::runtime_error("the key '" + key + "' is missing");
  std::vector<double> out;
  const Json& list = json.at(key);
  if (!list.is_array() || list.size() > most) throw std::runtime_error(key + ": no list of the right length");
  for (const Json& item : list) {
    if (item.is_array() && item.size() <= most) {
      for (const Json& inner : item) out.push_back(number(inner, key));
    } else {
      out.push_back(number(item, key));
    }
  }
  if (out.size() < least || out.size() > most) {
    throw std::runtime_error(key + ": " + std::to_string(out.size()) + " numbers; accepted: " + std::to_string(most));
  }
  return out;
}

cv::Matx33d matrix(const Json& json, const std::string& key) {
  const auto values = numbers(json, key, 9, 9);
  return cv::Matx33d(values.data());
}

/// Rodrigues, since a rotation vector is all that is needed of calib3d here.
cv::Matx33d rotation(const std::vector<double>& v) {
  const double angle = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  if (angle < 1e-12) return cv::Matx33d::eye();
  const double x = v[0] / angle, y = v[1] / angle, z = v[2] / angle;
  const cv::Matx33d skew(0, -z, y, z, 0, -x, -y, x, 0);
  return cv::Matx33d::eye() + skew * std::sin(angle) + (skew * skew) * (1 - std::cos(angle));
}

void check_rotation(const cv::Matx33d& r) {
  const cv::Matx33d rest = r * r.t() - cv::Matx33d::eye();
  const bool orthogonal =
      std::all_of(std::begin(rest.val), std::end(rest.val), [](double v) { return std::abs(v) < 1e-3; });
  if (!orthogonal || cv::determinant(r) < 0) throw std::runtime_error("R: no rotation");
}

int side(const Json& json, const std::string& key) {
  if (!json.contains(key)) throw std::runtime_error("the key '" + key + "' is missing");
  const double value = number(json.at(key), key);
  if (value < 1 || value > 65536 || value != std::floor(value)) throw std::runtime_error(key + ": no picture size");
  return static_cast<int>(value);
}

}  // namespace

sdk::Ground::Calibration read_calibration(const std::string& file) {
  const Json json = Json::parse(read_bounded(file, kMaxFileBytes), nullptr, false);
  if (!json.is_object()) throw std::runtime_error("no JSON object");
  for (const auto& item : json.items()) {
    if (std::find(keys().begin(), keys().end(), item.key()) == keys().end()) {
      throw std::runtime_error("unknown key " + shown(item.key()) + accepted(item.key(), keys()));
    }
  }
  sdk::Ground::Calibration out;
  out.size = {side(json, "width"), side(json, "height")};
  out.k = matrix(json, "K");
  if (out.k(0, 0) <= 0 || out.k(1, 1) <= 0) throw std::runtime_error("K: the focal lengths must be positive");
  if (json.contains("dist")) out.distortion = numbers(json, "dist", 4, 14);
  out.r = json.contains("R") ? matrix(json, "R") : rotation(numbers(json, "rvec", 3, 3));
  check_rotation(out.r);
  const auto t = numbers(json, "t_m", 3, 3);
  out.t_m = {t[0], t[1], t[2]};
  return out;
}

}  // namespace lynceus::config
