// The recommended profile on pairs of pictures: noise does not count as content, and the solver is exact.
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/context/fusion.h"
#include "plugins/context/importance.h"
#include "plugins/context/recommended.h"
#include "plugins/context/susan.h"

namespace lynceus::context {
namespace {

/// One pass in space alone.
cv::Mat without_noise(const cv::Mat& picture) {
  std::vector<cv::Mat> volume(1);
  picture.convertTo(volume[0], CV_32F);
  return susan(volume, 0);
}

class RecommendedPair final : public Enhancer {
 public:
  RecommendedPair(const Settings& settings, const cv::Mat& day, const cv::Mat& reference)
      : settings_(settings), reference_(reference), fusion_({settings.screen, 0, false}) {
    fusion_.set_day(day);
  }

  Enhanced enhance(const NightFrame& frame) override {
    if (!frame.wanted) return {};
    cv::Mat weight = still_importance(without_noise(frame.night), fusion_.day(), settings_.importance);
    if (!reference_.empty()) weight = weight.mul(difference_mask(frame.night, reference_, settings_.mask));
    if (!frame.areas.empty()) apply_areas(frame.areas, weight);
    Enhanced out;
    out.importance = to_bytes(weight);
    out.picture =
        fusion_.fuse({frame.night, out.importance, {}, {}, {whole_picture(frame.night.size())}, frame.verify});
    out.importance_mean = cv::mean(weight)[0];
    out.residual = fusion_.figures().residual;
    out.solver_error = fusion_.figures().solver_error;
    return out;
  }

 private:
  const Settings settings_;
  const cv::Mat reference_;
  Fusion fusion_;
};

}  // namespace

std::unique_ptr<Enhancer> make_recommended_pair(const Settings& settings, const cv::Mat& day,
                                                const cv::Mat& reference) {
  return std::make_unique<RecommendedPair>(settings, day, reference);
}

}  // namespace lynceus::context
