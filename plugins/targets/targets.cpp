// Small targets in infrared video: found by the multi-level filter and a score that means the same in every picture,
// followed by their looks and a Kalman filter. docs/guide/targets.md tells how to use it, docs/design/targets.md why it
// is as it is.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/sdk/plugin.h"
#include "plugins/targets/accumulator.h"
#include "plugins/targets/camera_shift.h"
#include "plugins/targets/detector.h"
#include "plugins/targets/follower.h"
#include "plugins/targets/movers.h"
#include "plugins/targets/peaks.h"
#include "plugins/targets/ratios.h"
#include "plugins/targets/report.h"
#include "plugins/targets/score_model.h"
#include "plugins/targets/seed_rule.h"
#include "plugins/targets/settings.h"
#include "plugins/targets/siamese_refiners.h"
#include "plugins/targets/track_book.h"

namespace lynceus::targets {
namespace {

using Time = std::chrono::steady_clock::time_point;

const cv::Size kSeedSize(640, 480);
constexpr int kSearchEvery = 100;                            // frames between two searches for the best rectangle
constexpr double kResponseSteps = 2048, kResponseZero = 16;  // of the 16-bit response, a unit of the logit

DetectorSettings detector_settings(const Settings& s) {
  DetectorSettings out;
  const bool seed = s.profile == Profile::seed;
  out.directions = s.directions > 0 ? s.directions : (seed ? 4 : 8);
  out.length = s.length;
  out.opening = seed ? cv::Size(2, 2) : cv::Size(1, 1);
  if (s.opening.size() == 2) out.opening = cv::Size(int(s.opening[0]), int(s.opening[1]));
  out.smooth = !seed;
  return out;
}

TrackSettings track_settings(const Settings& s) {
  TrackSettings out;
  out.confirm_seen = s.confirm_seen;
  out.confirm_of = std::min(s.confirm_of, 30);
  return out;
}

class Targets final : public sdk::Analyzer {
 public:
  explicit Targets(sdk::Services& services)
      : settings_(settings_from(services.options())),
        detector_(detector_settings(settings_)),
        accumulator_(settings_.accumulate),
        book_(track_settings(settings_)),
        refiners_(SiameseRefiners::make(settings_.network, services)),
        happenings_(services.camera(), settings_.loiter_s) {
    if (settings_.tell_movers && services.camera().thermal) movers_.emplace(settings_.movers, services.camera().ground);
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    if (input.discontinuity || input.frame.size() != size_) start_afresh(input.frame.size());
    const double passed = passed_s(input.frame.captured());
    seconds_ += passed;
    const cv::Mat picture = picture_of(input.frame);
    if (settings_.auto_opening && frames_ % kSearchEvery == 0) search_opening(picture);
    ++frames_;
    std::vector<Target> targets =
        settings_.init ? follow(picture) : (input.still ? list(look(picture)) : track(picture));
    if (refiners_ && !input.still) refiners_->refine(seen_, targets);
    filtered_ = input.wants("filtered") || !targets.empty() ? filtered() : cv::Mat();
    tell_ratios(input, targets, out);
    for (Target& target : targets) target.box = in_frame(target.box);
    tell_targets(targets, out);
    if (!input.still) happenings_.update(targets, size_, out);
    if (movers_ && !input.still) tell_movers(input, passed, out);
    show_views(input, out);
  }

 private:
  bool seed() const { return settings_.profile == Profile::seed; }

  void start_afresh(cv::Size size) {
    size_ = size;
    book_.clear();
    camera_.forget();
    accumulator_.forget();
    happenings_.forget();
    if (refiners_) refiners_->forget();
    if (movers_) movers_->forget();
    entered_s_.clear();
    if (settings_.init && follower_) follower_.reset();
  }

  double passed_s(Time now) {
    const double passed = last_ ? std::chrono::duration<double>(now - *last_).count() : 0;
    last_ = now;
    return std::clamp(passed, 0.0, 10.0);
  }

  /// Temperatures where the source has them for every pixel; profile seed works at one size.
  cv::Mat picture_of(const sdk::Frame& frame) {
    const sdk::Radiometric* temperatures = frame.radiometric();
    const bool deep = temperatures && temperatures->raw.size() == frame.size() && temperatures->raw.type() == CV_16UC1;
    const cv::Mat& picture = deep ? temperatures->raw : frame.luma();
    if (!seed()) return scale_ = {1, 1}, picture;
    cv::Mat out;
    cv::resize(picture, out, kSeedSize, 0, 0, cv::INTER_LINEAR);
    scale_ = {double(picture.cols) / out.cols, double(picture.rows) / out.rows};
    return out;
  }

  cv::Rect2d in_frame(const cv::Rect2d& box) const {
    return {box.x * scale_.x, box.y * scale_.y, box.width * scale_.x, box.height * scale_.y};
  }
  cv::Rect2d from_frame(const cv::Rect2d& box) const {
    return {box.x / scale_.x, box.y / scale_.y, box.width / scale_.x, box.height / scale_.y};
  }

  const Detected& look(const cv::Mat& picture) {
    if (!seed()) return keep(detector_.look(picture));
    keep(detector_.filter(picture));
    find_by_seed_rule(seen_, DetectorSettings{}.most);
    return seen_;
  }
  const Detected& keep(const Detected& seen) { return seen_ = seen; }  // the pictures are shared, not copied

  /// The rectangle after which the target, or the strongest maximum, stands out most.
  void search_opening(const cv::Mat& picture) {
    detector_.set_opening({1, 1});
    const cv::Mat residual = detector_.filter(picture).residual.clone();
    std::optional<cv::Rect2d> where =
        settings_.init && !follower_ ? std::optional(from_frame(*settings_.init)) : std::nullopt;
    if (follower_) where = follower_->box();
    double best = -1;
    for (int width = 1; width <= 3; ++width) {
      for (int height = 1; height <= 3; ++height) {
        const cv::Mat m = opened(residual, {width, height});
        cv::Point top;
        cv::minMaxLoc(m, nullptr, nullptr, nullptr, &top);
        const auto ratios = ratios_at(m, where.value_or(cv::Rect2d(top.x, top.y, 1, 1)), sigma_floor(m));
        if (!ratios || ratios->scr <= best) continue;
        best = ratios->scr;
        opening_ = {width, height};
      }
    }
    detector_.set_opening(opening_);
  }

  /// Unrelated pictures: every detection that scores enough.
  std::vector<Target> list(const Detected& seen) const {
    std::vector<Target> targets;
    for (const Detection& found : seen.detections) {
      const double score = probability(found.logit);
      if (!seed() && score < settings_.least_score) break;
      targets.push_back({std::int64_t(targets.size()) + 1, found.box, score, TargetState::tentative, {}, 0});
    }
    return targets;
  }

  std::vector<Target> track(cv::Mat picture) {
    CameraMotion camera;
    if (settings_.registration && !seed()) camera = {camera_.update(picture), camera_.moves()};
    if (settings_.accumulate > 1) picture = accumulator_.add(picture, camera.shift);
    book_.update(look(picture), camera);
    std::vector<Target> targets;
    for (const Track& track : book_.tracks()) {
      const double since = entered_s_.try_emplace(track.id, seconds_).first->second;
      targets.push_back(
          {track.id, track.box(), probability(track.logit), TargetState(int(track.state)), {}, seconds_ - since});
    }
    std::erase_if(entered_s_, [&](const auto& entry) {
      return std::none_of(targets.begin(), targets.end(),
                          [&](const Target& target) { return target.id == entry.first; });
    });
    std::stable_sort(targets.begin(), targets.end(),
                     [](const Target& a, const Target& b) { return a.score > b.score; });
    return targets;
  }

  std::vector<Target> follow(const cv::Mat& picture) {
    keep(detector_.filter(picture));
    if (!follower_) {
      follower_.emplace(seen_, from_frame(*settings_.init));
      entered_s_[1] = seconds_;
    } else {
      follower_->step(seen_, detector_, picture);
    }
    const double score = std::clamp(follower_->likeness(), 0.0, 1.0);
    return {{1,
             follower_->box(),
             score,
             follower_->lost() ? TargetState::lost : TargetState::tracked,
             {},
             seconds_ - entered_s_[1]}};
  }

  void tell_movers(const sdk::Input& input, double passed_s, sdk::Observations& out) {
    movers_->update(input, passed_s);
    out.facts.movers = movers_->confirmed(input.facts);
    for (const sdk::Mover& mover : out.facts.movers->movers)
      out.overlay.boxes.push_back({mover.box, {200, 160, 60}, mover.size_class});
  }

  /// On the picture as it came in and on M. Boxes are still those of the picture worked on.
  void tell_ratios(const sdk::Input& input, std::vector<Target>& targets, sdk::Observations& out) {
    const cv::Mat picture = picture_of(input.frame);
    const double floor = sigma_floor(picture), floor_out = picture.depth() == CV_8U ? 0.5 : floor;
    std::vector<double> in, after;
    for (Target& target : targets) {
      if (const auto ratios = ratios_at(picture, target.box, floor)) in.push_back(ratios->snr_db);
      const auto ratios = ratios_at(filtered_, target.box, floor_out);
      if (!ratios) continue;
      target.snr_db = ratios->snr_db;
      after.push_back(ratios->snr_db);
    }
    const auto median = [](std::vector<double>& values) {
      if (values.empty()) return sdk::Value();
      std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
      return sdk::Value(values[values.size() / 2]);
    };
    sdk::Value filter;
    filter.set("snr_in_db", median(in)).set("snr_out_db", median(after));
    filter.set("opening", sdk::Value::Array{opening_.width, opening_.height});
    out.details.set("profile", seed() ? "seed" : "recommended").set("filter", std::move(filter));
  }

  /// M: in profile seed the residual opened; else calmed where much stands out, so that the greatest is a target.
  cv::Mat filtered() const { return seed() ? seen_.filtered : calmed(seen_.filtered, seen_.residual8); }

  void show_views(const sdk::Input& input, sdk::Observations& out) const {
    const auto at_frame_size = [&](const cv::Mat& picture) {
      if (picture.size() == size_) return picture.clone();
      cv::Mat resized;
      cv::resize(picture, resized, size_, 0, 0, cv::INTER_NEAREST);
      return resized;
    };
    if (input.wants("filtered")) out.views.push_back({"filtered", at_frame_size(filtered_)});
    if (input.wants("response")) out.views.push_back({"response", at_frame_size(response())});
  }

  /// What is thresholded: the logit of every peak, at the peak; in profile seed M itself.
  cv::Mat response() const {
    cv::Mat out = cv::Mat::zeros(seen_.filtered.size(), CV_16UC1);
    if (seed()) {
      seen_.filtered.convertTo(out, CV_16U, seen_.filtered.depth() == CV_8U ? 257 : 1);
      return out;
    }
    for (const Detection& found : seen_.detections) {
      out.at<std::uint16_t>(found.peak) =
          cv::saturate_cast<std::uint16_t>(std::lround((found.logit + kResponseZero) * kResponseSteps));
    }
    return out;
  }

  const Settings settings_;
  Detector detector_;
  Detected seen_;
  cv::Mat filtered_;  // M, where somebody needs it
  CameraShift camera_;
  Accumulator accumulator_;
  TrackBook book_;
  std::optional<Follower> follower_;
  const std::unique_ptr<SiameseRefiners> refiners_;  // null: without a network
  Happenings happenings_;
  std::optional<MoverBook> movers_;  // thermal cameras
  std::map<std::int64_t, double> entered_s_;
  cv::Size size_, opening_ = detector_settings(settings_).opening;
  cv::Point2d scale_{1, 1};  // of a pixel worked on, in pixels of the frame
  std::int64_t frames_ = 0;
  std::optional<Time> last_;
  double seconds_ = 0;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "targets";
  info.version = LYNCEUS_VERSION;
  info.summary = "Small targets in infrared video";
  info.when = "every_frame";
  info.folder_is_sequence = true;
  info.options = option_table();
  info.kinds = {"target_entered", "target_left", "target_lost", "target_loiter", "line_crossed"};
  info.views = {"filtered", "response"};
  return info;
}

}  // namespace
}  // namespace lynceus::targets

LYNCEUS_PLUGIN("targets", lynceus::targets::Targets, lynceus::targets::info)
