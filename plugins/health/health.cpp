// Whether a camera's picture is worth looking at: dark, bright, flat, blurred, frozen, covered, moved or ok.
//
// A look costs about 0.2 ms at 1280×720 and is taken at most every 0.4 s, however often process() is called; between
// two looks the last verdict is repeated. See docs/guide/health.md for what each fault means.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/health/content_watch.h"
#include "plugins/health/grid.h"
#include "plugins/health/hysteresis.h"
#include "plugins/health/levels.h"
#include "plugins/health/settings.h"
#include "plugins/health/sharpness.h"
#include "plugins/health/view_memory.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::health {
namespace {

constexpr double kLeastBetweenLooks_s = 0.4;
constexpr double kMostBetweenLooks_s = 30;  ///< a longer silence counts as this: nothing is known of it
constexpr double kLooksToKnowSharpness = 20;

/// In the order in which they name the state: the first that is so.
enum Fault : std::size_t { frozen, covered, dark, bright, flat, moved, blurred, fault_count };

struct FaultText {
  const char* state;
  const char* kind;
  sdk::Severity severity;
  const char* summary;
};
constexpr std::array<FaultText, fault_count> kTexts{{
    {"frozen", "camera_frozen", sdk::Severity::critical, "Frames arrive but the picture does not change"},
    {"covered", "camera_covered", sdk::Severity::critical, "The lens is covered"},
    {"dark", "camera_dark", sdk::Severity::warning, "The picture is dark"},
    {"bright", "camera_bright", sdk::Severity::warning, "The picture is overexposed"},
    {"flat", "camera_flat", sdk::Severity::warning, "The picture is one even colour"},
    {"moved", "camera_moved", sdk::Severity::warning, "The camera looks somewhere else than usual"},
    {"blurred", "camera_blurred", sdk::Severity::warning, "The picture is blurred"},
}};

/// Between the threshold to enter and the one to leave nothing changes.
Vote vote(bool enter, bool stay) { return enter ? Vote::yes : (stay ? Vote::unsure : Vote::no); }

class Health final : public sdk::Analyzer {
 public:
  explicit Health(sdk::Services& services)
      : settings_(settings_from(services.options())),
        faults_{Hysteresis({settings_.frozen_after_s, 1.0}),
                timed(),
                timed(),
                timed(),
                timed(),
                Hysteresis({settings_.moved_after_s, settings_.clear_after_s}),
                timed()} {}

  void process(const sdk::Input& input, sdk::Observations& out) override {
    const double passed_s = seconds_since_look(input);
    if (input.still || input.take_reference || passed_s >= kLeastBetweenLooks_s)
      look(input, std::min(passed_s, kMostBetweenLooks_s));
    report(out);
  }

 private:
  using Votes = std::array<Vote, fault_count>;

  Hysteresis timed() const { return Hysteresis({settings_.raise_after_s, settings_.clear_after_s}); }

  /// Large before the first look and when the frames' time runs backwards (another file).
  double seconds_since_look(const sdk::Input& input) const {
    if (!last_look_) return kMostBetweenLooks_s;
    const double passed = std::chrono::duration<double>(input.frame.captured() - *last_look_).count();
    return passed < 0 ? kMostBetweenLooks_s : passed;
  }

  void look(const sdk::Input& input, double passed_s) {
    last_look_ = input.frame.captured();
    if (input.take_reference) forget_view(input.light);
    fit_to(input.frame.size(), input.shrunk.size());
    levels_ = measure_levels(input.shrunk, ignored_shrunk_);
    sharpness_ = measure_sharpness(input.frame.luma(), runs_);
    Votes votes = votes_on_levels();
    const bool nothing_to_see = votes[dark] == Vote::yes || votes[bright] == Vote::yes || votes[flat] == Vote::yes;
    votes[blurred] = nothing_to_see ? Vote::unsure : vote_on_sharpness(input);
    if (input.still) return judge_alone(votes);
    const bool same = !runs_.empty() && content_.repeated(hash_content(input.frame.luma(), runs_));
    if (covered_by_something_even(votes, same)) {
      votes[covered] = Vote::yes;
      votes[flat] = Vote::no;
      votes[moved] = Vote::unsure;
    } else {
      vote_on_view(votes, input, nothing_to_see, passed_s);
    }
    vote_on_content(votes, same, nothing_to_see, passed_s);
    for (std::size_t i = 0; i < fault_count; ++i) active_[i] = faults_[i].update(votes[i], passed_s);
  }

  /// The camera is as it should be: the usual view is learned anew, and nothing has moved meanwhile.
  void forget_view(sdk::Light light) {
    memories_[light == sdk::Light::night ? 1 : 0].reset();
    faults_[moved].clear();
    faults_[covered].clear();
    view_ = {};
    elsewhere_s_ = 0;
  }

  void fit_to(cv::Size frame, cv::Size shrunk) {
    if (frame != frame_size_) runs_ = grid_runs(settings_.ignore, frame_size_ = frame);
    if (shrunk != ignored_shrunk_.size()) ignored_shrunk_ = polygon_mask(settings_.ignore, shrunk);
  }

  Votes votes_on_levels() const {
    Votes votes{};
    votes.fill(Vote::no);
    if (!levels_.any) return votes;
    const int spread = levels_.p99 - levels_.p1;
    const bool even = spread < settings_.flat_spread;
    const bool black = levels_.median < 25;  // an even dark blue or green is a colour, not darkness
    if (!even || black) votes[dark] = vote(levels_.p95 < settings_.dark_level, levels_.p95 < settings_.dark_level + 8);
    votes[bright] = vote(levels_.p5 > settings_.bright_level, levels_.p5 > settings_.bright_level - 10);
    if (votes[dark] != Vote::yes && votes[bright] != Vote::yes)
      votes[flat] = vote(even, spread < 2 * settings_.flat_spread);
    return votes;
  }

  Vote vote_on_sharpness(const sdk::Input& input) {
    if (!settings_.blurred) return Vote::no;
    if (!sharpness_ || input.light == sdk::Light::adapting) return Vote::unsure;
    const double detail = *sharpness_ - kPureBlur;
    UsualSharpness& usual = usual_sharpness_[input.light == sdk::Light::night ? 1 : 0];
    const bool known = usual.looks >= kLooksToKnowSharpness && !input.still;
    const double limit = std::max(settings_.blur_ratio - kPureBlur, known ? settings_.blur_share * usual.detail : 0);
    if (detail < limit) return Vote::yes;
    usual.learn(detail);
    return detail < 1.3 * limit ? Vote::unsure : Vote::no;
  }

  /// Learned only from looks that are not blurred.
  struct UsualSharpness {
    double detail = 0;
    int looks = 0;
    void learn(double now) { detail += std::max(1.0 / 1200, 1.0 / ++looks) * (now - detail); }
  };

  /// An even picture with a sensor's noise in it, where a view used to be: a cloth over the lens. A lost signal is even
  /// to the bit. By day or by night: a cloth takes the colours away and so looks like nightfall. Once it is told that the
  /// lens is covered, a look at which the noise is lost in the coding changes nothing.
  bool covered_by_something_even(Votes& votes, bool same) const {
    const bool view_known = memories_[0].known() || memories_[1].known();
    if (!settings_.covered || votes[flat] != Vote::yes || !view_known) return false;
    if (same && faults_[covered].active()) votes[flat] = Vote::unsure;
    return !same;
  }

  void vote_on_view(Votes& votes, const sdk::Input& input, bool nothing_to_see, double passed_s) {
    if (nothing_to_see || input.light == sdk::Light::adapting) {
      votes[covered] = votes[moved] = Vote::unsure;
      return;
    }
    ViewMemory& memory = memories_[input.light == sdk::Light::night ? 1 : 0];
    view_ = memory.look(input.shrunk, ignored_shrunk_);
    votes[covered] = settings_.covered && view_.covered ? Vote::yes : Vote::no;
    votes[moved] = settings_.moved && view_.moved ? Vote::yes : Vote::no;
    if (view_.covered) votes[moved] = votes[blurred] = Vote::unsure;
    elsewhere_s_ = view_.moved ? elsewhere_s_ + passed_s : 0;
    if (elsewhere_s_ < settings_.accept_after_s) return;
    elsewhere_s_ = 0;
    memory.reset();
    votes[moved] = Vote::no;
    faults_[moved].clear();
  }

  void vote_on_content(Votes& votes, bool same, bool nothing_to_see, double passed_s) {
    if (!settings_.frozen || runs_.empty()) return;
    unchanged_s_ = same ? unchanged_s_ + passed_s : 0;
    // An even picture has the same bits for want of anything else to show.
    votes[frozen] = same && !nothing_to_see ? Vote::yes : Vote::no;
  }

  /// One picture without a past: what its levels and its sharpness say.
  void judge_alone(const Votes& votes) {
    active_.fill(false);
    for (const Fault fault : {dark, bright, flat, blurred}) active_[fault] = votes[fault] == Vote::yes;
  }

  std::string state() const {
    for (std::size_t i = 0; i < fault_count; ++i) {
      if (active_[i]) return kTexts[i].state;
    }
    return "ok";
  }

  void report(sdk::Observations& out) const {
    for (std::size_t i = 0; i < fault_count; ++i) out.conditions.push_back(condition(static_cast<Fault>(i)));
    const double sharpness = sharpness_.value_or(0);
    out.measurements = {{"sharpness", sharpness, "", {}},
                        {"brightness", levels_.brightness, "", {}},
                        {"entropy", levels_.entropy, "bit", {}}};
    out.details.set("state", state())
        .set("sharpness", sharpness)
        .set("brightness", levels_.brightness)
        .set("entropy", levels_.entropy);
  }

  sdk::Condition condition(Fault fault) const {
    sdk::Condition condition;
    condition.kind = kTexts[fault].kind;
    condition.active = active_[fault];
    condition.severity = kTexts[fault].severity;
    condition.summary = kTexts[fault].summary;
    set_values(condition, fault);
    return condition;
  }

  void set_values(sdk::Condition& condition, Fault fault) const {
    switch (fault) {
      case frozen:
        set(condition, unchanged_s_, settings_.frozen_after_s, "s");
        break;
      case dark:
        set(condition, levels_.p95, settings_.dark_level, "");
        break;
      case bright:
        set(condition, levels_.p5, settings_.bright_level, "");
        break;
      case flat:
        set(condition, levels_.p99 - levels_.p1, settings_.flat_spread, "");
        break;
      case blurred:
        set(condition, sharpness_.value_or(0), settings_.blur_ratio, "");
        break;
      case covered:
        condition.value = view_.lost;
        break;
      case moved:
        condition.value = view_.similarity;
        break;
      case fault_count:
        break;
    }
  }

  static void set(sdk::Condition& condition, double value, double limit, const char* unit) {
    condition.value = value;
    condition.limit = limit;
    condition.unit = unit;
  }

  const Settings settings_;
  std::array<Hysteresis, fault_count> faults_;
  std::array<bool, fault_count> active_{};
  std::optional<std::chrono::steady_clock::time_point> last_look_;

  cv::Size frame_size_;
  std::vector<Run> runs_;
  cv::Mat ignored_shrunk_;

  Levels levels_;
  std::optional<double> sharpness_;
  std::array<UsualSharpness, 2> usual_sharpness_;  ///< by day, by night
  ContentWatch content_;
  double unchanged_s_ = 0;
  std::array<ViewMemory, 2> memories_;  ///< by day, by night
  ViewVerdict view_;
  double elsewhere_s_ = 0;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "health";
  info.version = LYNCEUS_VERSION;
  info.summary = "Whether a camera's picture is worth looking at";
  info.when = "500ms";
  info.takes_reference = true;
  info.options = option_table();
  for (const FaultText& text : kTexts) info.kinds.emplace_back(text.kind);
  return info;
}

}  // namespace
}  // namespace lynceus::health

LYNCEUS_PLUGIN("health", lynceus::health::Health, lynceus::health::info)
