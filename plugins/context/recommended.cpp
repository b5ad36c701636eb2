#include "plugins/context/recommended.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/context/foreground.h"
#include "plugins/context/fusion.h"
#include "plugins/context/windows.h"

namespace lynceus::context {
namespace {

constexpr int kShrunkWidth = 640;     // what does not belong there is looked for at this width or less
constexpr double kAround_px = 3;      // around a thing the importance stays 1 for so long, …
constexpr double kRamp_px = 2.4;      // … then falls over twice as much
constexpr double kFull_px = 1;        // so far around a thing the solution is taken as it is, …
constexpr double kInfluence_px = 10;  // … from so far on the day picture
constexpr double kFade = 0.2;         // from frame to frame, where nothing is any more
constexpr double kLeastWeight = 0.05;
constexpr int kMargin_px = 32;  // of a window around what is important

int shrink_factor(cv::Size size) { return std::max(1, (size.width + kShrunkWidth - 1) / kShrunkWidth); }

/// So many pixels of the picture, at least one of the shrunk one.
int reach(double pixels, int factor) { return std::max(1, cvRound(pixels / factor)); }

cv::Mat shrunk(const cv::Mat& picture) {
  const int factor = shrink_factor(picture.size());
  if (factor == 1) return picture;
  cv::Mat out;
  cv::resize(picture, out, {(picture.cols + factor - 1) / factor, (picture.rows + factor - 1) / factor}, 0, 0,
             cv::INTER_AREA);
  return out;
}

cv::Mat disc(int radius) { return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1}); }

class RecommendedVideo final : public Enhancer {
 public:
  RecommendedVideo(const Settings& settings, const cv::Mat& day, const cv::Mat& reference)
      : settings_(settings), reference_(reference), fusion_({settings.screen, settings.temporal, true}) {
    fusion_.set_day(day);
    if (!reference_.empty()) foreground_.trust(shrunk(reference_));
  }

  Enhanced enhance(const NightFrame& frame) override {
    Enhanced out;
    if (frame.discontinuity) begin_anew();
    things_before_ = things_;
    things_ = foreground_.find(shrunk(frame.night));
    out.light_changed = foreground_.began_anew() && frames_ > 0;
    ++frames_;
    if (out.light_changed) fusion_.forget();
    fade(weights_of(things_, shrink_factor(frame.night.size())));
    if (!frame.wanted) return out;
    finish(frame, out);
    return out;
  }

 private:
  void begin_anew() {
    foreground_.reset();
    faded_ = things_ = cv::Mat();
    fusion_.forget();
  }

  cv::Mat weights_of(const cv::Mat& things, int factor) const {
    const int around = reach(kAround_px, factor), ramp = reach(kRamp_px, factor);
    const int grow = cvRound(double(settings_.grow_px) / factor);
    cv::Mat weights = things;
    if (grow < 0) cv::erode(things, weights, disc(-grow));
    const int wider = around + std::max(0, grow);
    cv::dilate(weights, weights, disc(wider));
    cv::blur(weights, weights, {2 * ramp + 1, 2 * ramp + 1});
    return weights;
  }

  /// W = max(P, W before, faded), 0 below 0.05.
  void fade(const cv::Mat& weights) {
    if (faded_.size() != weights.size()) {
      faded_ = weights.clone();
      return;
    }
    faded_.convertTo(faded_, CV_8U, kFade);
    cv::threshold(faded_, faded_, kLeastWeight * 255, 0, cv::THRESH_TOZERO);
    cv::max(faded_, weights, faded_);
  }

  /// 1 on things, here and in the frame before, then falling as slowly as is possible: a steep fall would be seen.
  cv::Mat influence_of(int factor, cv::Size size) const {
    const cv::Mat apart = things_before_.empty() ? things_ == 0 : (things_ | things_before_) == 0;
    cv::Mat distance, influence;
    cv::distanceTransform(apart, distance, cv::DIST_L2, 3);
    const double fall = 255 / (kInfluence_px - kFull_px);
    distance.convertTo(influence, CV_8U, -fall * factor, fall * kInfluence_px);
    cv::resize(influence, influence, size, 0, 0, cv::INTER_LINEAR);
    return influence;
  }

  void finish(const NightFrame& frame, Enhanced& out) {
    const cv::Size size = frame.night.size();
    FusionInput input;
    input.night = frame.night;
    input.verify = frame.verify;
    cv::resize(faded_, out.importance, size, 0, 0, cv::INTER_LINEAR);
    if (frame.areas.empty()) {
      input.windows = windows_around(faded_, size, kMargin_px);
      input.influence = influence_of(shrink_factor(size), size);
      cv::resize(things_, input.things, size, 0, 0, cv::INTER_LINEAR);
    } else {
      // Another mask is another picture: nothing of the one before may stay.
      const bool same =
          areas_before_.size() == frame.areas.size() && cv::norm(areas_before_, frame.areas, cv::NORM_INF) == 0;
      if (!same) fusion_.forget();
      areas_before_ = frame.areas;
      apply_areas_to_bytes(frame.areas, out.importance);
      input.windows = {whole_picture(size)};
    }
    input.importance = out.importance;
    out.picture = fusion_.fuse(input);
    out.importance_mean = cv::mean(out.importance)[0] / 255;
    out.residual = fusion_.figures().residual;
    out.solver_error = fusion_.figures().solver_error;
  }

  const Settings settings_;
  const cv::Mat reference_;
  Fusion fusion_;
  Foreground foreground_;
  cv::Mat things_, things_before_, faded_, areas_before_;
  std::int64_t frames_ = 0;
};

}  // namespace

std::unique_ptr<Enhancer> make_recommended_video(const Settings& settings, const cv::Mat& day,
                                                 const cv::Mat& reference) {
  return std::make_unique<RecommendedVideo>(settings, day, reference);
}

}  // namespace lynceus::context
