#include "plugins/scene/room_watch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "plugins/scene/comparison.h"
#include "plugins/scene/outlines.h"
#include "plugins/scene/presence.h"
#include "plugins/scene/reference.h"
#include "plugins/scene/segmentation_view.h"
#include "plugins/scene/segmenter.h"
#include "plugins/scene/settings.h"
#include "plugins/scene/vote.h"
#include "plugins/scene/watch.h"
#include "plugins/sdk/model_path.h"

namespace lynceus::scene {
namespace {

constexpr const char* kModel = "scene.onnx";
constexpr double kSoonest_s = 1, kSoon_s = 10;  // between looks while something is to be found out
constexpr double kNews = 0.004;                 // of the picture: something was put down or taken away
constexpr int kLooksAfterNews = 7;              // until the vote has followed
constexpr double kSureOfNoFloor = 0.15;         // feet elsewhere are doubtful, so it says so late
constexpr double kMaskConfidence = 0.7;
constexpr double kOtherShape = 0.03;
constexpr int kLabelsWidth = 640;

/// What is remembered of the room under one light.
struct Memory {
  const char* name;
  Vote vote{};
  std::optional<RoomView> reference{};
  bool read = false;  ///< what the store has
};

struct Exit {
  ExitSettings settings;
  cv::Mat zone;  ///< on the grid
  Watch watch;
  cv::Rect where{};  ///< cells
};

std::string model_of(const Settings& settings, const sdk::CameraInfo& camera) {
  return settings.model.empty() ? sdk::model_path(camera.model_dirs, kModel) : settings.model;
}

double soon_of(const Settings& s) {
  double shortest = std::min(s.clear_after_s, s.layout_share > 0 ? s.layout_after_s : s.clear_after_s);
  for (const ExitSettings& exit : s.exits) shortest = std::min(shortest, exit.after_s);
  return std::min(s.every_s, std::clamp(shortest / 3, kSoonest_s, kSoon_s));
}

/// At the picture's size where it is small, or nobody would see the difference.
cv::Size labels_size(cv::Size frame) {
  if (frame.width <= kLabelsWidth) return frame;
  return {kLabelsWidth, std::max(1, frame.height * kLabelsWidth / frame.width)};
}

class Room final : public sdk::Analyzer {
 public:
  explicit Room(sdk::Services& services)
      : services_(services),
        settings_(settings_from(services.options(), services.camera())),
        segmenter_(model_of(settings_, services.camera()), services.inference()),
        soon_s_(soon_of(settings_)),
        presence_(settings_.quiet_s),
        layout_(settings_.layout_share, settings_.layout_after_s, settings_.clear_after_s) {
    if (!folds(segmenter_.classes(), settings_.classes)) {
      throw std::invalid_argument("classes " + std::to_string(settings_.classes) + ": the network knows " +
                                  std::to_string(segmenter_.classes()));
    }
    for (const ExitSettings& exit : settings_.exits) {
      exits_.push_back({exit, on_grid(exit.polygon), Watch(exit.share, exit.after_s, settings_.clear_after_s)});
    }
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    if (input.still) {
      look_alone(input);
    } else {
      const double time_s = std::chrono::duration<double>(input.frame.captured().time_since_epoch()).count();
      begin(input);
      presence_.note(input.shrunk, time_s);
      if (input.take_reference) forget(input.light);
      if (labels_.empty()) look_alone(input);  // the first frame has an answer too, which does not vote
      if (due(input, time_s)) look(input, time_s);
    }
    tell(input, out);
  }

 private:
  Memory& memory(sdk::Light light) { return memories_[light == sdk::Light::night ? 1 : 0]; }

  void begin(const sdk::Input& input) {
    const cv::Size size = input.frame.size();
    const double shape = double(size.width) / size.height;
    if (shape_ > 0 && std::abs(shape / shape_ - 1) > kOtherShape) {
      for (Memory& one : memories_) one = {one.name, {}, {}, true};
      for (Exit& exit : exits_) exit.watch.reset();
      layout_.reset();
      say("the picture has another shape: the reference is taken anew");
    }
    shape_ = shape;
    if (input.discontinuity) presence_.reset();
  }

  /// It is now as it should be: what is seen from here on becomes the reference.
  void forget(sdk::Light light) {
    Memory& now = memory(light);
    now = {now.name, {}, {}, true};
    for (Exit& exit : exits_) exit.watch.reset();
    layout_.reset();
    looked_s_.reset();
  }

  bool due(const sdk::Input& input, double time_s) {
    if (input.light == sdk::Light::adapting || !presence_.settled(time_s)) return false;
    if (!looked_s_ || time_s < *looked_s_) return true;
    const double passed = time_s - *looked_s_;
    if (passed >= settings_.every_s) return true;
    if (passed < soon_s_) return false;
    return eager_ > 0 || !memory(input.light).vote.full() || pending() || presence_.changed(time_s) > kNews;
  }

  bool pending() const {
    return layout_.pending() ||
           std::any_of(exits_.begin(), exits_.end(), [](const Exit& e) { return e.watch.pending(); });
  }
  bool alarmed() const {
    return layout_.active() ||
           std::any_of(exits_.begin(), exits_.end(), [](const Exit& e) { return e.watch.active(); });
  }

  void look_alone(const sdk::Input& input) {
    labels_ = labels_of(fold(segmenter_.look(input.frame.bgr()), settings_.classes), input.frame.size());
    describe({});
  }

  void look(const sdk::Input& input, double time_s) {
    const bool news = presence_.changed(time_s) > kNews;
    looked_s_ = time_s;
    presence_.mark(time_s);
    const Maps own = segmenter_.look(input.frame.bgr()), four = fold(own, 4);
    Memory& now = memory(input.light);
    now.vote.add(four, settings_.classes == 4 ? four : fold(own, settings_.classes), input.frame.bgr(),
                 hidden(input, time_s));
    eager_ = news || now.vote.surprise() > kNews ? kLooksAfterNews : std::max(0, eager_ - 1);
    labels_ = labels_of(now.vote.shown(), labels_size(input.frame.size()));
    if (now.vote.full()) judge(now, time_s);
    describe(now.vote.full() ? labels_of(now.vote.room().maps, kGrid) : cv::Mat());
    floor_ = now.vote.full() ? floor_of(now.vote.room()) : cv::Mat();
  }

  cv::Mat hidden(const sdk::Input& input, double time_s) const {
    std::vector<cv::Rect2d> people;
    if (input.facts.people) people = input.facts.people->boxes;
    if (input.facts.movers) {
      for (const sdk::Mover& mover : input.facts.movers->movers) people.push_back(mover.box);
    }
    return presence_.hidden(people, input.frame.size(), kGrid, time_s);
  }

  void judge(Memory& now, double time_s) {
    if (!now.reference && !std::exchange(now.read, true)) read_reference(now);
    if (!now.reference) {
      if (!alarmed()) take_reference(now);  // or what is wrong would be how it should be
      return;
    }
    const Difference difference = compare(*now.reference, now.vote.room());
    for (Exit& exit : exits_) {
      const auto found = blocked(difference, *now.reference, exit.zone);
      if (!found) continue;
      exit.watch.update(found->share, time_s);
      exit.where = found->where;
    }
    if (settings_.layout_share > 0) {
      if (const auto found = changed(difference)) {
        layout_.update(found->share, time_s);
        layout_where_ = found->where;
      }
    }
    if (!alarmed() && !pending() && complete(*now.reference, now.vote.room())) store(now);
  }

  void read_reference(Memory& now) {
    const auto blob = services_.state().read(now.name);
    if (!blob) return;
    now.reference = from_blob(*blob, segmenter_.fingerprint());
    if (!now.reference) say("the stored reference is of another network: it is taken anew");
  }
  void take_reference(Memory& now) {
    now.reference = now.vote.room();
    for (cv::Mat& map : now.reference->maps) map = map.clone();
    now.reference->picture = now.reference->picture.clone();
    now.reference->known = now.reference->known.clone();
    store(now);
    say(std::string("reference taken: ") + now.name);
  }
  void store(const Memory& now) {
    if (!services_.state().write(now.name, to_blob(*now.reference, segmenter_.fingerprint())))
      services_.log().write(sdk::LogLevel::warning,
                            "the reference cannot be stored: it will be gone at the next start");
  }
  void say(const std::string& line) { services_.log().write(sdk::LogLevel::info, line); }

  /// Where the floor may be. Said generously: people's feet elsewhere are doubted.
  static cv::Mat floor_of(const RoomView& room) {
    cv::Mat mask = (room.maps[kFloor] >= kSureOfNoFloor) | ~room.known;
    cv::dilate(mask, mask, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
    return mask;
  }

  /// `room`: labels of the four classes; empty while they are not worth proposing anything.
  void describe(const cv::Mat& room) {
    fractions_.clear();
    sdk::Value classes;
    for (int i = 0; i < settings_.classes; ++i) {
      fractions_.push_back(double(cv::countNonZero(labels_ == i)) / double(labels_.total()));
      classes.set(std::string(class_name(settings_.classes, i)), fractions_.back());
    }
    details_ = {};
    details_.set("classes", std::move(classes));
    if (!room.empty()) details_.set("proposals", proposals(room));
  }

  static sdk::Value proposals(const cv::Mat& room) {
    sdk::Value zones;
    for (const auto& [part, name] : {std::pair{kFloor, "floor"}, {kStructure, "wall"}}) {
      int number = 0;
      for (const sdk::Polygon& polygon : outlines(room, part)) {
        sdk::Value::Array corners;
        for (const cv::Point2d& p : polygon) corners.emplace_back(sdk::Value::Array{p.x, p.y});
        sdk::Value zone;
        zone.set("polygon", std::move(corners));
        zones.set(++number == 1 ? std::string(name) : name + ("_" + std::to_string(number)), std::move(zone));
      }
    }
    sdk::Value out;
    out.set("zones", zones.is_null() ? sdk::Value(sdk::Value::Object()) : std::move(zones));
    return out;
  }

  void tell(const sdk::Input& input, sdk::Observations& out) const {
    out.details = details_;
    for (std::size_t i = 0; i < fractions_.size(); ++i) {
      out.measurements.push_back(
          {"scene_fraction", fractions_[i], "", {{"class", std::string(class_name(settings_.classes, int(i)))}}});
    }
    for (const Exit& exit : exits_) add_exit(exit, input.frame.size(), out);
    add_layout(input.frame.size(), out);
    if (!input.still && settings_.floor_mask && !floor_.empty())
      out.facts.floor_mask = sdk::FloorMask{floor_, kMaskConfidence};
    if (labels_.empty()) return;
    if (input.wants("segmentation")) {
      out.views.push_back({"segmentation", draw_segmentation(input.frame.bgr(), labels_, settings_.classes)});
    }
    if (!input.wants("labels")) return;
    cv::Mat fitted;
    cv::resize(labels_, fitted, input.frame.size(), 0, 0, cv::INTER_NEAREST);
    out.views.push_back({"labels", fitted});
  }

  static cv::Rect to_pixels(const cv::Rect& cells, cv::Size size) {
    const double x = double(size.width) / kGrid.width, y = double(size.height) / kGrid.height;
    return {cv::Point(int(cells.x * x), int(cells.y * y)), cv::Point(int(cells.br().x * x), int(cells.br().y * y))};
  }

  static sdk::Condition condition(const char* kind, std::string zone, const char* summary, const Watch& watch,
                                  const cv::Rect& where, cv::Size size) {
    sdk::Condition out;
    out.kind = kind;
    out.zone = std::move(zone);
    out.active = watch.active();
    out.summary = summary;
    out.value = watch.share();
    out.limit = watch.limit();
    if (out.active && !where.empty()) out.evidence = to_pixels(where, size);
    return out;
  }

  void add_exit(const Exit& exit, cv::Size size, sdk::Observations& out) const {
    out.conditions.push_back(condition("exit_blocked", exit.settings.name,
                                       "Something stands where the exit's floor was free", exit.watch, exit.where,
                                       size));
    if (exit.watch.share()) {
      out.measurements.push_back({"exit_floor_lost", *exit.watch.share(), "", {{"zone", exit.settings.name}}});
    }
    sdk::Overlay::Polyline line{{}, true, exit.watch.active() ? cv::Scalar(60, 60, 230) : cv::Scalar(120, 200, 120)};
    for (const cv::Point2d& p : exit.settings.polygon) line.points.emplace_back(p.x * size.width, p.y * size.height);
    if (exit.watch.active() && !line.points.empty())
      out.overlay.texts.push_back({line.points.front(), exit.settings.name + " blocked", line.colour});
    out.overlay.lines.push_back(std::move(line));
  }

  void add_layout(cv::Size size, sdk::Observations& out) const {
    if (settings_.layout_share <= 0) return;
    out.conditions.push_back(
        condition("layout_changed", "", "The room is not laid out as in its reference", layout_, layout_where_, size));
    if (layout_.share()) out.measurements.push_back({"layout_difference", *layout_.share(), "", {}});
    if (layout_.active() && !layout_where_.empty())
      out.overlay.boxes.push_back({cv::Rect2d(to_pixels(layout_where_, size)), cv::Scalar(60, 160, 230), "changed"});
  }

  sdk::Services& services_;
  const Settings settings_;
  Segmenter segmenter_;
  const double soon_s_;
  Presence presence_;
  std::array<Memory, 2> memories_{{{"reference.day"}, {"reference.night"}}};
  std::vector<Exit> exits_;
  Watch layout_;
  cv::Rect layout_where_;  ///< cells
  std::optional<double> looked_s_;
  int eager_ = 0;     ///< looks that come soon
  double shape_ = 0;  ///< width / height of the picture
  cv::Mat labels_, floor_;
  std::vector<double> fractions_;
  sdk::Value details_;
};

}  // namespace

RoomWatch::RoomWatch(sdk::Services& services) : room_(std::make_unique<Room>(services)) {}

void RoomWatch::process(const sdk::Input& input, sdk::Observations& out) { room_->process(input, out); }

}  // namespace lynceus::scene
