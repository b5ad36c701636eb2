#include "plugins/pipes/seed.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace lynceus::pipes::seed {
namespace {

std::vector<float> values_of(const cv::Mat& pipe, const cv::Mat& celsius, bool zero_is_background) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(cv::countNonZero(pipe)));
  for (int y = 0; y < pipe.rows; ++y) {
    const auto* inside = pipe.ptr<uchar>(y);
    const auto* row = celsius.ptr<float>(y);
    for (int x = 0; x < pipe.cols; ++x) {
      if (inside[x] != 0 && !(zero_is_background && row[x] == 0)) values.push_back(row[x]);
    }
  }
  return values;
}

}  // namespace

PipeTemperature judge_temperature(const cv::Mat& pipe, const cv::Mat& celsius, const Params& params) {
  std::vector<float> values = values_of(pipe, celsius, params.zero_is_background);
  PipeTemperature out;
  if (values.empty()) return out;
  const auto n = static_cast<double>(values.size());
  out.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const float value : values) squares += (value - out.mean) * (value - out.mean);
  out.stddev = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  // The tolerance keeps 1 % of 300 at 3 pixels, though 0.01 × 300 is a little more in binary.
  const double share = std::ceil(params.top_share * n - 1e-9);
  const auto top = static_cast<std::ptrdiff_t>(std::clamp(share, 1.0, n));
  std::nth_element(values.begin(), values.begin() + top - 1, values.end(), std::greater<>());
  out.max = std::accumulate(values.begin(), values.begin() + top, 0.0) / static_cast<double>(top);
  out.abnormal = out.max > out.mean + params.sigma_factor * out.stddev;
  return out;
}

Diagnosis diagnose(const cv::Mat& pipe, const cv::Mat& blue, const cv::Mat& celsius, const Params& params) {
  Diagnosis out;
  if (pipe.empty()) {
    out.kind = Kind::no_pipe;
    out.reason = "nothing hot of a pipe's size";
    return out;
  }
  out.area_px = cv::countNonZero(pipe);
  out.box = cv::boundingRect(pipe);
  out.temperature = judge_temperature(pipe, celsius, params);
  if (out.temperature->abnormal) {
    out.diameter = judge_diameter(pipe, params);
    out.kind = out.diameter->abnormal ? Kind::missing : Kind::damaged;
    out.angle_deg = out.diameter->vertical ? 90 : 0;
  } else {
    out.defects = judge_defects(pipe, blue, celsius, out.temperature->max, params);
    out.kind = out.defects->abnormal ? Kind::damaged : Kind::normal;
    out.angle_deg = out.box.height == pipe.rows ? 90 : 0;
  }
  out.confidence = 1;
  return out;
}

}  // namespace lynceus::pipes::seed
