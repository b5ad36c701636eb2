// The daytime scene of a fixed camera in its night picture: what moves at night, seen in the place as it looks by day.
//
// Runs while somebody looks at the view `enhanced` or an alarm needs it; else it only learns what is usual by night. See
// docs/guide/context.md.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plugins/context/enhancer.h"
#include "plugins/context/recommended.h"
#include "plugins/context/seed.h"
#include "plugins/context/settings.h"
#include "plugins/context/sources.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::context {
namespace {

constexpr double kSameAspect = 0.01;
constexpr double kLearnEvery_s = 0.5;  ///< while nobody looks

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

class Context final : public sdk::Analyzer {
 public:
  explicit Context(sdk::Services& services) : settings_(settings_from(services.options())), services_(services) {
    read(settings_.day, [&] { day_ = read_median(services_.pictures(), settings_.day); });
    read(settings_.reference, [&] { reference_ = read_median(services_.pictures(), settings_.reference); });
    read(settings_.areas, [&] { areas_ = read_masks(services_.pictures(), settings_.areas); });
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    const bool wanted = settings_.always || input.wants("enhanced") || input.wants("importance");
    out.details.set("profile", settings_.profile == Profile::seed ? "seed" : "recommended");
    fit_to(input.frame.size(), input.still);
    if (enhancer_ && (wanted || due_to_learn(input))) enhance(input, wanted, out);
    if (!enhancer_ && input.wants("enhanced")) out.views.push_back({"enhanced", input.frame.bgr()});
    report(out);
  }

 private:
  /// What cannot be read is told, not thrown: a missing day picture is a condition.
  template <class Read>
  void read(const std::string& path, const Read& read_it) {
    if (path.empty()) return;
    try {
      read_it();
    } catch (const std::exception& error) {
      why_ = error.what();
      services_.log().write(sdk::LogLevel::warning, why_);
    }
  }

  void fit_to(cv::Size frame, bool still) {
    if (frame == frame_size_) return;
    frame_size_ = frame;
    enhancer_.reset();
    if (day_.empty()) return;
    mismatch_ = !same_aspect(day_.size(), frame) || (!reference_.empty() && !same_aspect(reference_.size(), frame));
    if (mismatch_) return;
    size_ = day_.total() > std::size_t(frame.area()) ? day_.size() : frame;
    enhancer_ = make_enhancer(still);
  }

  std::unique_ptr<Enhancer> make_enhancer(bool still) const {
    const cv::Mat day = resized(day_, size_, cv::INTER_CUBIC);
    cv::Mat reference = resized(reference_, size_, cv::INTER_CUBIC);
    const bool seed = settings_.profile == Profile::seed;
    const bool video = settings_.mode == Mode::video || (settings_.mode == Mode::automatic && !still);
    if (video) return seed ? make_seed_video(settings_, day) : make_recommended_video(settings_, day, reference);
    if (settings_.mode == Mode::still_pair) reference = cv::Mat();
    return seed ? make_seed_pair(settings_, day, reference) : make_recommended_pair(settings_, day, reference);
  }

  bool due_to_learn(const sdk::Input& input) {
    const auto now = input.frame.captured();
    if (learned_ && std::abs(std::chrono::duration<double>(now - *learned_).count()) < kLearnEvery_s) return false;
    learned_ = now;
    return true;
  }

  bool due_to_verify(const sdk::Input& input) {
    const auto now = input.frame.captured();
    const bool due = !verified_ || input.still || std::chrono::duration<double>(now - *verified_).count() >= settings_.verify_s;
    if (due) verified_ = now;
    return due;
  }

  void enhance(const sdk::Input& input, bool wanted, sdk::Observations& out) {
    const cv::Mat night = resized(input.frame.bgr(), size_, cv::INTER_CUBIC);
    const cv::Mat areas = areas_.empty() ? cv::Mat() : resized(areas_[std::min(frames_, areas_.size() - 1)], size_, cv::INTER_NEAREST);
    NightFrame frame{night, areas, input.light, input.discontinuity && frames_ > 0, wanted, wanted && due_to_verify(input)};
    ++frames_;
    Enhanced made = enhancer_->enhance(frame);
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
    out.conditions.push_back(condition("no_day_picture", day_.empty(), why_.empty() ? "There is no picture of the place by day" : why_));
    out.conditions.push_back(condition("size_mismatch", mismatch_, "The day picture has another shape than the camera's"));
  }

  static sdk::Condition condition(const char* kind, bool active, std::string summary) {
    sdk::Condition condition;
    condition.kind = kind;
    condition.active = active;
    condition.summary = std::move(summary);
    return condition;
  }

  const Settings settings_;
  sdk::Services& services_;
  cv::Mat day_, reference_;
  std::vector<cv::Mat> areas_;
  std::string why_;  ///< a source could not be read

  cv::Size frame_size_, size_;  ///< as received, as worked on
  bool mismatch_ = false;
  std::unique_ptr<Enhancer> enhancer_;
  std::size_t frames_ = 0;
  std::optional<std::chrono::steady_clock::time_point> learned_, verified_;
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
