#include "plugins/targets/line_runs.h"

#include <algorithm>

namespace lynceus::targets {
namespace {

LineRuns runs_along(const std::vector<cv::Point>& line, cv::Point step) {
  const auto has = [&](cv::Point p) { return std::find(line.begin(), line.end(), p) != line.end(); };
  LineRuns out{step, {}};
  for (const cv::Point& first : line) {
    if (has(first - step)) continue;
    int length = 1;
    while (has(first + step * length)) ++length;
    const int part = std::min(length, kLongestRun);
    for (int from = 0; from < length; from += part) {  // the last part overlaps the one before
      out.runs.push_back({part, first + step * std::min(from + part - 1, length - 1)});
    }
  }
  return out;
}

}  // namespace

LineRuns runs_of(const std::vector<cv::Point>& line) {
  LineRuns best;
  for (const cv::Point step : {cv::Point(1, 0), cv::Point(0, 1), cv::Point(1, 1), cv::Point(-1, 1)}) {
    LineRuns runs = runs_along(line, step);
    if (best.runs.empty() || runs.runs.size() < best.runs.size()) best = std::move(runs);
  }
  return best;
}

}  // namespace lynceus::targets
