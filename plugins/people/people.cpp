// Counts people, follows them, and measures how far they keep from each other: docs/guide/people.md.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "plugins/people/area.h"
#include "plugins/people/boxes_file.h"
#include "plugins/people/camera_file.h"
#include "plugins/people/closeness.h"
#include "plugins/people/crowd.h"
#include "plugins/people/detect/gated_detector.h"
#include "plugins/people/floor_learner.h"
#include "plugins/people/floor_plan.h"
#include "plugins/people/groups.h"
#include "plugins/people/line_watch.h"
#include "plugins/people/report.h"
#include "plugins/people/ruler.h"
#include "plugins/people/settings.h"
#include "plugins/people/yardstick.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::people {
namespace {

constexpr double kSurenessOfFiles = 0.5;
constexpr double kSaveHeat_s = 60;
constexpr double kLearnEvery_s = 20, kSampleEvery_s = 1, kForgetSamples_s = 3600;
constexpr const char* kHeat = "heat";
const cv::Size kAnySize{1920, 1080};

std::string text(const sdk::Options& options, const char* key) { return options.has(key) ? options.text(key) : ""; }

/// What the plugin's own options say of the floor, else what the camera's section says.
std::optional<sdk::Ground> ground_of(sdk::Services& services) {
  const sdk::Options& o = services.options();
  const std::string camera = text(o, "calibration"), outer = text(o, "extrinsic");
  sdk::Ground ground;
  if (!camera.empty()) {
    try {
      ground.calibration =
          read_camera(services.files().read(camera), outer.empty() ? "" : services.files().read(outer));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("calibration: " + camera + ": " + error.what());
    }
    return ground;
  }
  if (!outer.empty()) throw std::invalid_argument("extrinsic needs calibration beside it");
  if (o.has("homography.image") != o.has("homography.metres"))
    throw std::invalid_argument("homography needs image and metres");
  if (!o.has("homography.image")) return services.camera().ground;
  ground.homography = {o.points("homography.image"), o.points("homography.metres")};
  return ground;
}

bool described(const std::optional<sdk::Ground>& ground) {
  return ground && (ground->homography || ground->calibration);
}

/// Boxes out of a file, or a detector's.
class Finder {
 public:
  Finder(const Settings& settings, sdk::Services& services) : name_(settings.detector) {
    if (settings.detector == "file") {
      if (settings.model.empty()) throw std::invalid_argument("detector file needs `model`: its file of boxes");
      boxes_.emplace(services.files().read(settings.model));
      sure_ = settings.confidence >= 0 ? settings.confidence : kSurenessOfFiles;
      return;
    }
    DetectorOptions options;
    options.detector = settings.detector;
    options.model = settings.model;
    options.input = settings.input;
    options.confidence = settings.confidence;
    options.nms = settings.nms;
    options.tiles = settings.tiles;
    options.low_scores = true;
    options.model_dirs = services.camera().model_dirs;
    options.tell = [&services](const std::string& line) { services.log().write(sdk::LogLevel::warning, line); };
    GateSettings gate;
    gate.enabled = settings.gated;
    gate.nms = settings.nms;
    detector_ = std::make_unique<GatedDetector>(make_detector(options, services.inference()), gate);
    name_ = detector_->name();
    sure_ = detector_->operating_point();
  }

  const std::string& name() const { return name_; }
  double sure() const { return sure_; }
  std::vector<Detection> find(const sdk::Input& input, std::span<const cv::Rect2d> expected) {
    return detector_ ? detector_->detect(input, expected) : boxes_->at(input.frame.sequence());
  }

 private:
  std::string name_;
  double sure_ = 0;
  std::optional<BoxesFile> boxes_;
  std::unique_ptr<GatedDetector> detector_;
};

/// All that depends on the picture's size.
struct Stage {
  Stage(const Settings& settings, const std::optional<sdk::Ground>& described_ground, double sure, cv::Size picture,
        std::int64_t before)
      : size(picture),
        ground(described(described_ground) ? std::optional(Ground::of(*described_ground, picture)) : std::nullopt),
        yardstick(settings, ground ? &*ground : nullptr, picture),
        crowd(ground ? &*ground : nullptr, settings.foot_fraction, sure, picture, before),
        plan(yardstick.area(settings), plan_size(yardstick.area(settings), picture), yardstick.limit(),
             yardstick.metric()),
        whole(settings.picture, picture) {
    for (const AreaSettings& zone : settings.zones) zones.emplace_back(zone, picture);
    for (const sdk::Line& line : settings.lines) lines.emplace_back(line, picture);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// As high as the picture, at most twice as wide.
  static cv::Size plan_size(const cv::Rect2d& area, cv::Size picture) {
    const double width = picture.height * area.width / area.height;
    const int even = 2 * (std::clamp(int(width), picture.height / 4 + 2, 2 * picture.height + 2) / 2);  // for videos
    return {even, picture.height};
  }

  const cv::Size size;
  const std::optional<Ground> ground;
  const Yardstick yardstick;
  Crowd crowd;
  FloorPlan plan;
  Area whole;
  std::vector<Area> zones;
  std::vector<LineWatch> lines;
};

class People final : public sdk::Analyzer {
 public:
  explicit People(sdk::Services& services)
      : settings_(settings_from(services.options(), services.camera())),
        services_(services),
        ground_(ground_of(services)),
        finder_(settings_, services),
        groups_(settings_.group),
        closeness_(settings_.alarm_probability, settings_.alarm_after_s) {
    make_stage(kAnySize);  // what cannot be is told before any picture comes
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    const double time_s = std::chrono::duration<double>(input.frame.captured().time_since_epoch()).count();
    begin(input);
    std::vector<Person> people = look(input, time_s);
    stage_->crowd.doubt(people, stage_->yardstick.needs_feet(), input.facts.floor_mask);
    if (!input.still && stage_->ground) groups_.update(people, time_s);
    const std::vector<Pair> pairs = measure(people);
    judge(people, pairs);
    if (!input.still) closeness_.update(people, pairs, groups_, time_s);
    watch(people, input, time_s);
    tell(people, pairs, input, out);
    show(people, pairs, input, time_s, out);
    learn_floor(people, input.still, time_s, out);
  }

 private:
  void make_stage(cv::Size size) {
    stage_ = std::make_unique<Stage>(settings_, ground_, finder_.sure(), size, counted_);
    if (const auto heat = services_.state().read(kHeat)) stage_->plan.restore_heat(*heat);
  }

  void begin(const sdk::Input& input) {
    if (input.frame.size() != stage_->size) {
      make_stage(input.frame.size());
    } else if (!input.discontinuity) {
      return;
    }
    stage_->crowd.reset();
    stage_->plan.reset_trails();
    groups_.reset();
    closeness_.reset();
    for (Area& zone : stage_->zones) zone.reset();
    for (LineWatch& line : stage_->lines) line.reset();
  }

  std::vector<Person> look(const sdk::Input& input, double time_s) {
    const auto expected = input.still ? std::vector<cv::Rect2d>() : stage_->crowd.expected(time_s);
    std::vector<Detection> boxes = finder_.find(input, expected);
    std::erase_if(boxes, [&](const Detection& d) { return !counts(d); });
    return input.still ? stage_->crowd.count(boxes) : stage_->crowd.follow(boxes, time_s);
  }

  /// By the zones it stands in; outside of all, by the picture's own filter.
  bool counts(const Detection& d) const {
    const cv::Point2d foot(d.box.x + d.box.width / 2, d.box.y + settings_.foot_fraction * d.box.height);
    bool inside = false;
    for (const Area& zone : stage_->zones) {
      if (!zone.holds(foot)) continue;
      if (zone.accepts(d.box, d.score)) return true;
      inside = true;
    }
    return !inside && stage_->whole.accepts(d.box, d.score);
  }

  std::vector<Pair> measure(const std::vector<Person>& people) const {
    std::vector<std::optional<Spot>> spots;
    for (const Person& p : people) spots.push_back(stage_->yardstick.spot(p));
    std::vector<Pair> pairs = measured_pairs(spots, stage_->yardstick.limit());
    for (Pair& pair : pairs) {
      const auto &a = people[pair.a].group, &b = people[pair.b].group;
      if (a && b && *a == *b) pair.violation = false;
    }
    return pairs;
  }

  static void judge(std::vector<Person>& people, const std::vector<Pair>& pairs) {
    for (Person& p : people) {
      if (p.state != State::unknown && p.group) p.state = State::grouped;
    }
    for (const Pair& pair : pairs) {
      if (pair.violation) people[pair.a].state = people[pair.b].state = State::close;
    }
  }

  void watch(const std::vector<Person>& people, const sdk::Input& input, double time_s) {
    stage_->whole.update(people, time_s, !input.still);
    for (Area& zone : stage_->zones) zone.update(people, time_s, !input.still);
    if (input.still) return;
    for (LineWatch& line : stage_->lines) line.update(people, time_s);
  }

  void tell(const std::vector<Person>& people, const std::vector<Pair>& pairs, const sdk::Input& input,
            sdk::Observations& out) {
    const Scene scene{people, pairs, stage_->yardstick, !stage_->yardstick.needs_feet(), finder_.name()};
    describe(scene, out.details);
    add_entities(scene, out.entities);
    sdk::People& told = out.facts.people.emplace();
    for (const Person& p : people) told.boxes.push_back(p.box);
    draw(scene, out.overlay);
    stage_->whole.add_to(out);
    for (const Area& zone : stage_->zones) zone.add_to(out);
    for (const LineWatch& line : stage_->lines) line.add_to(out);
    add_closeness(people, pairs, input.still, out);
    add_newcomers(input.still, out);
    add_movers(input.facts, out);
  }

  void add_closeness(const std::vector<Person>& people, const std::vector<Pair>& pairs, bool still,
                     sdk::Observations& out) const {
    const auto violations = std::count_if(pairs.begin(), pairs.end(), [](const Pair& p) { return p.violation; });
    const auto unknown =
        std::count_if(people.begin(), people.end(), [](const Person& p) { return p.state == State::unknown; });
    std::vector<int> groups;
    for (const Person& p : people) {
      if (p.group && std::find(groups.begin(), groups.end(), *p.group) == groups.end()) groups.push_back(*p.group);
    }
    out.measurements.push_back({"distancing_violations", double(violations), "", {}});
    out.measurements.push_back({"groups", double(groups.size()), "", {}});
    out.measurements.push_back({"people_unknown", double(unknown), "", {}});
    const int alarming = still ? int(violations) : closeness_.alarming();
    sdk::Condition c{"distance_violation",
                     "",
                     alarming > 0,
                     sdk::Severity::warning,
                     "People are too close to each other",
                     {},
                     {},
                     "",
                     {}};
    c.unit = stage_->yardstick.unit();
    c.limit = stage_->yardstick.limit();
    if (!pairs.empty()) {
      c.value = std::min_element(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
                  return a.distance < b.distance;
                })->distance;
    }
    out.conditions.push_back(std::move(c));
  }

  void add_newcomers(bool still, sdk::Observations& out) {
    const std::int64_t before = std::exchange(counted_, std::max(counted_, stage_->crowd.counted()));
    if (!still && counted_ > before) out.counters.push_back({"people_seen", double(counted_ - before), {}});
  }

  /// What thermal cameras see move, by zone and size.
  void add_movers(const sdk::Facts& facts, sdk::Observations& out) const {
    if (!facts.movers) return;
    const auto count = [&](const Area& area, const std::string& size_class) {
      double n = 0;
      for (const sdk::Mover& m : facts.movers->movers) {
        n += m.size_class == size_class && area.holds({m.box.x + m.box.width / 2, m.box.y + m.box.height});
      }
      out.measurements.push_back({"movers", n, "", {{"zone", area.settings().name}, {"size", size_class}}});
    };
    for (const char* size_class : {"person", "vehicle"}) {
      count(stage_->whole, size_class);
      for (const Area& zone : stage_->zones) count(zone, size_class);
    }
  }

  void show(const std::vector<Person>& people, const std::vector<Pair>& pairs, const sdk::Input& input, double time_s,
            sdk::Observations& out) {
    std::vector<std::optional<cv::Point2d>> places;
    for (const Person& p : people) places.push_back(stage_->yardstick.place(p));
    if (!input.still) stage_->plan.note(people, places, pairs, time_s);
    if (input.wants("topdown")) {
      out.views.push_back({"topdown", stage_->plan.draw(people, places, pairs)});
      if (settings_.panel) out.views.push_back({"panel", out.views.back().picture});
    }
    if (input.wants("heatmap")) out.views.push_back({"heatmap", stage_->plan.draw_heat()});
    if (input.still || time_s - saved_s_ < kSaveHeat_s) return;
    if (saved_s_ > 0) services_.state().write(kHeat, stage_->plan.heat_blob());
    saved_s_ = time_s;
  }

  /// Only while nothing else is known of the floor. What is learnt holds from the next frame on.
  void learn_floor(const std::vector<Person>& people, bool still, double time_s, sdk::Observations& out) {
    if (!settings_.auto_ground || still) return;
    out.details.set("auto_ground", learnt_ ? "learnt" : described(ground_) ? "given" : "learning");
    if (described(ground_)) return;
    if (!learner_ || time_s - sampled_s_ > kForgetSamples_s) learner_.emplace(stage_->size, *settings_.focal_px);
    if (time_s - sampled_s_ >= kSampleEvery_s) {
      sampled_s_ = time_s;
      for (const Person& p : people) {
        if (p.seen && alone(p, people)) learner_->add(p.box, settings_.foot_fraction);
      }
    }
    if (time_s - tried_s_ < kLearnEvery_s) return;
    tried_s_ = time_s;
    const auto found = learner_->learn();
    if (!found) return;
    ground_.emplace().calibration = found->camera(stage_->size);
    learnt_ = true;
    services_.log().write(sdk::LogLevel::info,
                          "the floor is learnt: camera " + std::to_string(found->height_m) + " m high");
    make_stage(stage_->size);
  }

  /// A box that another one touches may be cut.
  static bool alone(const Person& who, const std::vector<Person>& people) {
    return std::none_of(people.begin(), people.end(),
                        [&](const Person& p) { return p.id != who.id && (p.box & who.box).area() > 0; });
  }

  const Settings settings_;
  sdk::Services& services_;
  std::optional<sdk::Ground> ground_;
  std::optional<FloorLearner> learner_;
  bool learnt_ = false;
  double sampled_s_ = 0, tried_s_ = 0;
  Finder finder_;
  std::unique_ptr<Stage> stage_;
  Groups groups_;
  Closeness closeness_;
  std::int64_t counted_ = 0;
  double saved_s_ = 0;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "people";
  info.version = LYNCEUS_VERSION;
  info.summary = "People: how many, where they walk, how far they keep from each other";
  info.when = "every_frame";
  info.options = option_table();
  info.kinds = {"distance_violation", "crowding", "zone_entered", "dwell", "line_crossed"};
  info.views = {"topdown", "heatmap"};
  return info;
}

}  // namespace
}  // namespace lynceus::people

LYNCEUS_PLUGIN("people", lynceus::people::People, lynceus::people::info)
