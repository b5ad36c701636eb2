#include "plugins/context/seed.h"

#include "plugins/context/gradient_fusion.h"
#include "plugins/context/importance.h"
#include "plugins/context/seed_video.h"

namespace lynceus::context {
namespace {

Enhanced enhanced(const GradientFusion& fusion, const cv::Mat& importance) {
  Enhanced out;
  out.picture = fusion.picture;
  out.importance = to_bytes(importance);
  out.importance_mean = cv::mean(importance)[0];
  out.residual = fusion.residual;
  out.solver_error = fusion.solver_error;
  return out;
}

class SeedPair final : public Enhancer {
 public:
  SeedPair(const Settings& settings, const cv::Mat& day, const cv::Mat& reference)
      : settings_(settings), day_(day), reference_(reference) {}

  Enhanced enhance(const NightFrame& frame) override {
    if (!frame.wanted) return {};
    cv::Mat weight = still_importance(frame.night, day_, settings_.importance);
    if (!reference_.empty()) weight = weight.mul(difference_mask(frame.night, reference_, settings_.mask));
    if (!frame.areas.empty()) apply_areas(frame.areas, weight);
    return enhanced(fuse_gradients(frame.night, day_, weight, weight, Solver::multigrid), weight);
  }

 private:
  const Settings settings_;
  const cv::Mat day_, reference_;
};

class SeedClip final : public Enhancer {
 public:
  SeedClip(const Settings&, const cv::Mat& day) : day_(day) {}

  Enhanced enhance(const NightFrame& frame) override {
    if (frame.discontinuity) video_ = SeedVideo();
    if (!frame.wanted && !frame.discontinuity) return {};
    const auto due = video_.push(frame.night);
    if (!due) return {};
    cv::Mat weight = due->importance, gradient_weight = with_greater_gradient(weight, due->denoised, day_);
    if (!frame.areas.empty()) {
      apply_areas(frame.areas, weight);
      apply_areas(frame.areas, gradient_weight);
    }
    Enhanced out = enhanced(fuse_gradients(due->denoised, day_, gradient_weight, weight, Solver::multigrid), weight);
    out.frames_back = video_.look_ahead();
    return out;
  }

 private:
  const cv::Mat day_;
  SeedVideo video_;
};

}  // namespace

cv::Mat with_greater_gradient(const cv::Mat& importance, const cv::Mat& night, const cv::Mat& day) {
  cv::Mat weight = importance.clone();
  const cv::Mat greater = gradient_length(luminance(night)) > gradient_length(luminance(day));
  weight.setTo(1, greater & (importance <= 0));
  return weight;
}

std::unique_ptr<Enhancer> make_seed_pair(const Settings& settings, const cv::Mat& day, const cv::Mat& reference) {
  return std::make_unique<SeedPair>(settings, day, reference);
}

std::unique_ptr<Enhancer> make_seed_video(const Settings& settings, const cv::Mat& day) {
  return std::make_unique<SeedClip>(settings, day);
}

}  // namespace lynceus::context
