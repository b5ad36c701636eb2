#include "pipeline/host/observation_filter.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/host/option_table.h"
#include "pipeline/host/utf8.h"

namespace lynceus::host {
namespace {

constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxLabels = 8;
constexpr int kMaxDepth = 32;
constexpr int kMaxSide = 16'384;

bool finite(double value) { return std::isfinite(value); }
bool finite(const cv::Point2d& point) { return finite(point.x) && finite(point.y); }
bool finite(const cv::Rect2d& box) { return finite(box.tl()) && finite(box.size().width) && finite(box.size().height); }
bool finite(const std::optional<double>& value) { return !value || finite(*value); }
bool finite(const cv::Scalar& colour) { return finite(colour[0]) && finite(colour[1]) && finite(colour[2]); }

void clean(std::string& text) { clean_text(text, ObservationFilter::kMaxText); }

/// Leaves out what `keep` refuses and what lies beyond the bound; returns how many went.
template <class T, class Keep>
std::uint64_t keep_if(std::vector<T>& list, std::size_t bound, Keep keep) {
  const std::size_t before = list.size();
  std::erase_if(list, [&](T& item) { return !keep(item); });
  if (list.size() > bound) list.erase(list.begin() + static_cast<std::ptrdiff_t>(bound), list.end());
  return before - list.size();
}

bool keep_entity(sdk::Entity& entity) {
  if (!finite(entity.box) || !finite(entity.confidence)) return false;
  if (entity.ground_m && !finite(*entity.ground_m)) entity.ground_m.reset();
  clean(entity.label);
  clean(entity.state);
  return true;
}

bool keep_event(sdk::Event& event) {
  if (!plain_name(event.kind)) return false;
  clean(event.zone);
  clean(event.direction);
  clean(event.summary);
  return true;
}

bool keep_condition(sdk::Condition& condition) {
  if (!plain_name(condition.kind)) return false;
  if (!finite(condition.value)) condition.value.reset();
  if (!finite(condition.limit)) condition.limit.reset();
  clean_text(condition.zone, kMaxName);
  clean(condition.summary);
  clean_text(condition.unit, kMaxName);
  return true;
}

/// Each key once; active ones first where not all have room, and then one condition says so.
std::uint64_t filter_conditions(std::vector<sdk::Condition>& list) {
  std::set<std::string> keys;
  std::uint64_t dropped = keep_if(list, list.size(), [&](sdk::Condition& condition) {
    return keep_condition(condition) && keys.insert(condition.key()).second;
  });
  if (list.size() <= ObservationFilter::kMaxConditions) return dropped;
  std::stable_partition(list.begin(), list.end(), [](const sdk::Condition& c) { return c.active; });
  dropped += list.size() - (ObservationFilter::kMaxConditions - 1);
  list.resize(ObservationFilter::kMaxConditions - 1);
  sdk::Condition too_many;
  too_many.kind = "too_many_conditions";
  too_many.active = true;
  too_many.summary = "The analyzer reports more than 256 conditions; the rest is left out.";
  list.push_back(std::move(too_many));
  return dropped;
}

bool picture_ok(const cv::Mat& picture) {
  return !picture.empty() && picture.dims == 2 && picture.cols <= kMaxSide && picture.rows <= kMaxSide;
}

bool keep_view(sdk::View& view) {
  const int type = view.picture.type();
  return plain_name(view.name) && picture_ok(view.picture) && (type == CV_8UC1 || type == CV_8UC3 || type == CV_16UC1);
}

std::uint64_t filter_facts(sdk::Facts& facts) {
  std::uint64_t dropped = 0;
  if (facts.floor_mask) {
    const sdk::FloorMask& floor = *facts.floor_mask;
    if (!picture_ok(floor.mask) || floor.mask.type() != CV_8UC1 || !finite(floor.confidence)) {
      facts.floor_mask.reset();
      ++dropped;
    }
  }
  if (facts.people) {
    dropped += keep_if(facts.people->boxes, ObservationFilter::kMaxEntities,
                       [](const cv::Rect2d& box) { return finite(box); });
  }
  if (!facts.movers) return dropped;
  return dropped + keep_if(facts.movers->movers, ObservationFilter::kMaxEntities, [](sdk::Mover& mover) {
           clean_text(mover.size_class, kMaxName);
           return finite(mover.box);
         });
}

std::uint64_t filter_overlay(sdk::Overlay& overlay) {
  constexpr std::size_t bound = ObservationFilter::kMaxShapes;
  std::uint64_t dropped = keep_if(overlay.boxes, bound, [](sdk::Overlay::Box& box) {
    clean(box.text);
    return finite(box.rect) && finite(box.colour);
  });
  dropped += keep_if(overlay.lines, bound, [](sdk::Overlay::Polyline& line) {
    const auto good = [](const cv::Point2d& p) { return finite(p); };
    return line.points.size() <= bound && finite(line.colour) &&
           std::all_of(line.points.begin(), line.points.end(), good);
  });
  return dropped + keep_if(overlay.texts, bound, [](sdk::Overlay::Text& text) {
           clean(text.text);
           return finite(text.at) && finite(text.colour);
         });
}

/// A copy with every number finite, every text clean, bounded in depth and count.
class DetailsCopy {
 public:
  sdk::Value of(const sdk::Value& value, int depth = 0) {
    if (++values_ > ObservationFilter::kMaxValues || depth > kMaxDepth) return drop();
    if (const auto* number = value.get_if<double>(); number != nullptr && !finite(*number)) return drop();
    if (const auto* text = value.get_if<std::string>()) return cleaned(*text);
    if (const auto* list = value.get_if<sdk::Value::Array>()) return array(*list, depth);
    if (const auto* object = value.get_if<sdk::Value::Object>()) return fields(*object, depth);
    return value;
  }
  std::uint64_t dropped() const { return dropped_; }

 private:
  sdk::Value drop() {
    ++dropped_;
    return nullptr;
  }
  static std::string cleaned(std::string text) {
    clean_text(text, 4096);
    return text;
  }
  sdk::Value array(const sdk::Value::Array& list, int depth) {
    sdk::Value::Array out;
    for (const sdk::Value& item : list) {
      if (full()) break;
      out.push_back(of(item, depth + 1));
    }
    return out;
  }
  sdk::Value fields(const sdk::Value::Object& object, int depth) {
    sdk::Value::Object out;
    for (const auto& [key, item] : object) {
      if (full()) break;
      out.emplace_back(cleaned(key), of(item, depth + 1));
    }
    return out;
  }
  bool full() {
    if (values_ < ObservationFilter::kMaxValues) return false;
    ++dropped_;
    return true;
  }

  std::size_t values_ = 0;
  std::uint64_t dropped_ = 0;
};

bool label_name(std::string_view name) {
  return plain_name(name) && name != "camera" && name != "plugin" && name != "name" && name != "unit";
}

bool keep_labels(std::vector<sdk::Label>& labels) {
  for (sdk::Label& label : labels) {
    if (!label_name(label.name)) return false;
    clean_text(label.value, kMaxName);
  }
  std::sort(labels.begin(), labels.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  const auto same = [](const auto& a, const auto& b) { return a.name == b.name; };
  return labels.size() <= kMaxLabels && std::adjacent_find(labels.begin(), labels.end(), same) == labels.end();
}

bool keep_number(sdk::Measurement& measurement) {
  clean_text(measurement.unit, kMaxName);
  return finite(measurement.value);
}
bool keep_number(sdk::Counter& counter) { return finite(counter.add) && counter.add >= 0; }

}  // namespace

bool ObservationFilter::new_series_fits(const std::string& name, const std::vector<sdk::Label>& labels, char kind) {
  std::string key = kind + name;
  for (const sdk::Label& label : labels) key += '\0' + label.name + '\0' + label.value;
  if (series_.contains(key)) return true;
  if (series_.size() >= kMaxSeries) return false;
  series_.insert(std::move(key));
  return true;
}

template <class Series>
std::uint64_t ObservationFilter::filter_series(std::vector<Series>& list, char kind) {
  return keep_if(list, 4 * kMaxSeries, [&](Series& item) {
    clean_text(item.name, kMaxName);
    return !item.name.empty() && keep_number(item) && keep_labels(item.labels) &&
           new_series_fits(item.name, item.labels, kind);
  });
}

std::uint64_t ObservationFilter::apply(sdk::Observations& said) {
  std::uint64_t dropped = keep_if(said.entities, kMaxEntities, keep_entity);
  dropped += filter_series(said.measurements, 'm');
  dropped += filter_series(said.counters, 'c');
  dropped += filter_conditions(said.conditions);
  dropped += keep_if(said.events, kMaxEvents, keep_event);
  dropped += filter_facts(said.facts);
  dropped += keep_if(said.views, kMaxViews, keep_view);
  dropped += filter_overlay(said.overlay);
  DetailsCopy details;
  said.details = details.of(said.details);
  return dropped + details.dropped();
}

}  // namespace lynceus::host
