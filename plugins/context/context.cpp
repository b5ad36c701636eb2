// The daytime scene of a fixed camera in its night picture: what moves at night, seen in the place as it looks by day.
//
// Runs while somebody looks at the view `enhanced` or an alarm needs it; else it only learns what is usual. Whatever keeps
// it from a right picture, the camera's own goes through with a condition. See docs/guide/context.md.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/context/alignment.h"
#include "plugins/context/enhancer.h"
#include "plugins/context/recommended.h"
#include "plugins/context/registration.h"
#include "plugins/context/scene_day.h"
#include "plugins/context/seed.h"
#include "plugins/context/settings.h"
#include "plugins/context/sources.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::context {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr double kSameAspect = 0.01;
constexpr double kLearnEvery_s = 0.5;   ///< what is usual by night, while nobody looks
constexpr double kLightChanged_s = 10;  ///< so long it is told

cv::Mat resized(const cv::Mat& picture, cv::Size size, int how) {
  if (picture.empty() || picture.size() == size) return picture;
  cv::Mat out;
  cv::resize(picture, out, size, 0, 0, how);
  return out;
}

bool same_aspect(cv::Size a, cv::Size b) {
  const double ratio = double(a.width) * b.height / (double(b.width) * a.height);
  return std::abs(ratio - 1) <= kSameAspect;
}

double seconds_between(Time a, Time b) { return std::abs(std::chrono::duration<double>(a - b).count()); }

AlignmentSettings alignment_for(Profile profile) {
  return profile == Profile::seed ? AlignmentSettings{0, 1} : AlignmentSettings{};
}

class Context final : public sdk::Analyzer {
 public:
  explicit Context(sdk::Services& services)
      : settings_(settings_from(services.options())),
        services_(services),
        day_(settings_, services),
        alignment_(alignment_for(settings_.profile)) {
    read(settings_.reference, [&] { reference_ = read_median(services_.pictures(), settings_.reference); });
    read(settings_.areas, [&] { areas_ = read_masks(services_.pictures(), settings_.areas); });
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    note_light(input);
    if (day_.update(input)) frame_size_ = {};
    fit_to(input.frame.size(), input.still);
    const bool looked_at = input.wants("enhanced") || input.wants("importance");
    const bool wanted = settings_.always || looked_at;
    out.details.set("profile", settings_.profile == Profile::seed ? "seed" : "recommended");
    if (ready(input) && (wanted || due_to_learn(input))) enhance(input, wanted, out);
    if (out.views.empty() && looked_at) out.views.push_back({"enhanced", input.frame.bgr().clone()});
    report(out);
  }

 private:
  /// Without a reference or areas it goes on, and tells.
  template <class Read>
  void read(const std::string& path, const Read& read_it) {
    if (path.empty()) return;
    try {
      read_it();
    } catch (const std::exception& error) {
      services_.log().write(sdk::LogLevel::warning, error.what());
    }
  }

  void note_light(const sdk::Input& input) {
    const Time now = input.frame.captured();
    if (light_ && *light_ != input.light) light_changed_ = now;
    if (light_changed_ && seconds_between(now, *light_changed_) > kLightChanged_s) light_changed_.reset();
    light_ = input.light;
    if (input.discontinuity && frames_ > 0) anew_ = true;
  }

  void fit_to(cv::Size frame, bool still) {
    if (frame == frame_size_) return;
    frame_size_ = frame;
    still_ = still;
    enhancer_.reset();
    alignment_ = Alignment(alignment_for(settings_.profile));
    const cv::Size day = day_.picture().size();
    mismatch_ = !day.empty() && ((!day_.other_view() && !same_aspect(day, frame)) ||
                                 (!reference_.empty() && !same_aspect(reference_.size(), frame)));
    if (day.empty() || mismatch_) return;
    size_ = !day_.other_view() && day.area() > frame.area() ? day : frame;
    seen_day_ = day_.seen_from_camera(size_, covered_);
    make_enhancer();
  }

  void make_enhancer() {
    const cv::Mat day = alignment_.shift_px() == cv::Point2d() ? seen_day_ : moved_by(seen_day_, alignment_.shift_px());
    cv::Mat reference = resized(reference_, size_, cv::INTER_CUBIC);
    const bool seed = settings_.profile == Profile::seed;
    const bool video = settings_.mode == Mode::video || (settings_.mode == Mode::automatic && !still_);
    if (video) {
      enhancer_ = seed ? make_seed_video(settings_, day) : make_recommended_video(settings_, day, reference);
      return;
    }
    if (settings_.mode == Mode::still_pair) reference = cv::Mat();
    enhancer_ = seed ? make_seed_pair(settings_, day, reference) : make_recommended_pair(settings_, day, reference);
  }

  /// Otherwise the camera's own picture goes through.
  bool ready(const sdk::Input& input) {
    if (!enhancer_) return false;
    if (input.light == sdk::Light::adapting) {
      anew_ = true;
      return false;
    }
    if (!day_.other_view() && alignment_.due(input.shrunk, input.frame.captured())) align(input);
    return !alignment_.misaligned();
  }

  void align(const sdk::Input& input) {
    if (!alignment_.check(seen_day_, resized(input.frame.bgr(), size_, cv::INTER_CUBIC))) return;
    if (!alignment_.misaligned()) make_enhancer();
  }

  bool due_to_learn(const sdk::Input& input) {
    const Time now = input.frame.captured();
    if (learned_ && seconds_between(now, *learned_) < kLearnEvery_s) return false;
    learned_ = now;
    return true;
  }

  bool due_to_verify(const sdk::Input& input) {
    const Time now = input.frame.captured();
    const bool due = !verified_ || input.still || seconds_between(now, *verified_) >= settings_.verify_s;
    if (due) verified_ = now;
    return due;
  }

  /// Where the day picture does not reach, the night's is all there is.
  cv::Mat areas_now() const {
    cv::Mat areas;
    if (!areas_.empty())
      areas = resized(areas_[std::min(frames_, areas_.size() - 1)], size_, cv::INTER_NEAREST).clone();
    if (covered_.empty()) return areas;
    if (areas.empty()) areas = cv::Mat(size_, CV_8UC1, cv::Scalar(128));
    areas.setTo(255, covered_ == 0);
    return areas;
  }

  void enhance(const sdk::Input& input, bool wanted, sdk::Observations& out) {
    const cv::Mat night = resized(input.frame.bgr(), size_, cv::INTER_CUBIC), areas = areas_now();
    const NightFrame frame{
        night, areas, input.light, std::exchange(anew_, false), wanted, wanted && due_to_verify(input)};
    const Enhanced made = enhancer_->enhance(frame);
    ++frames_;
    if (made.light_changed) light_changed_ = input.frame.captured();
    if (!wanted) return;
    if (made.solver_error) solver_error_ = made.solver_error;
    out.details.set("importance_mean", made.importance_mean).set("residual", made.residual);
    out.details.set("solver_error", solver_error_ ? sdk::Value(*solver_error_) : sdk::Value());
    out.measurements.push_back({"importance", made.importance_mean, "", {}});
    if (made.picture.empty()) return;
    if (made.frames_back > 0) out.details.set("enhanced_frame", std::int64_t(frames_) - 1 - made.frames_back);
    out.views.push_back({"enhanced", made.picture});
    if (input.wants("importance")) out.views.push_back({"importance", made.importance});
  }

  void report(sdk::Observations& out) const {
    const std::string missing = day_.why().empty() ? "There is no picture of the place by day" : day_.why();
    add(out, "no_day_picture", day_.missing(), sdk::Severity::warning, missing);
    add(out, "size_mismatch", mismatch_, sdk::Severity::warning, "The day picture has another shape than the camera's");
    add(out, "misaligned", alignment_.misaligned(), sdk::Severity::warning,
        "The camera looks somewhere else than in its day picture");
    add(out, "light_changed", light_changed_.has_value(), sdk::Severity::info, "The light has just changed");
  }

  static void add(sdk::Observations& out, const char* kind, bool active, sdk::Severity severity, std::string summary) {
    sdk::Condition condition;
    condition.kind = kind;
    condition.active = active;
    condition.severity = severity;
    condition.summary = std::move(summary);
    out.conditions.push_back(std::move(condition));
  }

  const Settings settings_;
  sdk::Services& services_;
  SceneDay day_;
  cv::Mat reference_;
  std::vector<cv::Mat> areas_;

  cv::Size frame_size_, size_;  ///< as received, as worked on
  bool still_ = false, mismatch_ = false;
  cv::Mat seen_day_, covered_;  ///< of size_
  Alignment alignment_;
  std::unique_ptr<Enhancer> enhancer_;
  bool anew_ = false;  ///< the next frame has no past
  std::size_t frames_ = 0;

  std::optional<sdk::Light> light_;
  std::optional<Time> light_changed_, learned_, verified_;
  std::optional<double> solver_error_;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "context";
  info.version = LYNCEUS_VERSION;
  info.summary = "The daytime scene in the night picture";
  info.when = "every_frame";
  info.folder_is_sequence = true;
  info.options = option_table();
  info.kinds = {"misaligned", "size_mismatch", "no_day_picture", "light_changed"};
  info.views = {"enhanced", "importance"};
  return info;
}

}  // namespace
}  // namespace lynceus::context

LYNCEUS_PLUGIN("context", lynceus::context::Context, lynceus::context::info)
