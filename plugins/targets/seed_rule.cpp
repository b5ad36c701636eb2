#include "plugins/targets/seed_rule.h"

#include <algorithm>

#include "plugins/targets/peaks.h"
#include "plugins/targets/ratios.h"

namespace lynceus::targets {
namespace {

constexpr double kSigmas = 5;

}  // namespace

void find_by_seed_rule(Detected& seen, std::size_t most) {
  seen.detections.clear();
  const double floor = sigma_floor(seen.residual8);
  for (const Peak& peak : find_peaks(seen.residual8, 1, most)) {
    const cv::Rect2d point(peak.at.x, peak.at.y, 1, 1);
    const auto ratios = ratios_at(seen.residual8, point, floor);
    if (!ratios || ratios->scr <= kSigmas) continue;
    Detection found;
    found.peak = peak.at;
    const cv::Rect box = half_height_box(seen.picture8, seen.residual8, peak.at);
    found.box = cv::Rect2d(box.x, box.y, box.width, box.height);
    found.logit = ratios->scr - 2 * kSigmas;
    seen.detections.push_back(found);
  }
  std::stable_sort(seen.detections.begin(), seen.detections.end(),
                   [](const Detection& a, const Detection& b) { return a.logit > b.logit; });
}

}  // namespace lynceus::targets
