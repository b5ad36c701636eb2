#include "config/shapes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "config/scalars.h"

namespace lynceus::config {
namespace {

constexpr std::size_t kMostItems = 1000;
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// The row of one element, for its message.
Row element(const Row& row, Type type) {
  Row out = row;
  out.type = type;
  out.count = 0;
  return out;
}

/// The items of a list, or nothing and a problem.
const std::vector<Node>* items_of(const Row& row, const Node& node, const Reading& reading, std::size_t least,
                                  std::size_t most) {
  const std::string wanted = "; accepted: " + expectation(row);
  if (node.kind != Node::Kind::sequence) {
    const std::string what = node.empty() ? "has no value" : std::string("is ") + node.kind_name();
    reading.problems.add(node.place, what + wanted);
    return nullptr;
  }
  if (node.items.size() < least || node.items.size() > most) {
    reading.problems.add(node.place, "has " + std::to_string(node.items.size()) + " elements" + wanted);
    return nullptr;
  }
  return &node.items;
}

std::optional<std::vector<double>> read_numbers(const Row& row, const Node& node, const Reading& reading) {
  const std::size_t count = static_cast<std::size_t>(row.count);
  const auto* items = items_of(row, node, reading, count, count > 0 ? count : kMostItems);
  if (items == nullptr) return {};
  std::vector<double> out;
  for (const Node& item : *items) {
    const auto number = read_value(element(row, Type::number), item, reading);
    if (!number) return {};
    out.push_back(std::get<double>(number->value));
  }
  return out;
}

std::optional<cv::Point2d> read_point(const Row& row, const Node& node, const Reading& reading) {
  Row coordinate = row;
  coordinate.type = Type::numbers;
  coordinate.count = 2;
  if (row.unit) coordinate.between(0, 1);
  const auto numbers = read_numbers(coordinate, node, reading);
  if (!numbers) return {};
  return cv::Point2d((*numbers)[0], (*numbers)[1]);
}

std::optional<sdk::Polygon> read_points(const Row& row, const Node& node, const Reading& reading, std::size_t least) {
  const std::size_t count = static_cast<std::size_t>(row.count);
  const auto* items = items_of(row, node, reading, std::max(least, count), count > 0 ? count : kMostItems);
  if (items == nullptr) return {};
  sdk::Polygon out;
  for (const Node& item : *items) {
    const auto point = read_point(row, item, reading);
    if (!point) return {};
    out.push_back(*point);
  }
  return out;
}

double area(const sdk::Polygon& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) twice += polygon[i].cross(polygon[(i + 1) % polygon.size()]);
  return std::abs(twice) / 2;
}

double cross(const cv::Point2d& o, const cv::Point2d& a, const cv::Point2d& b) { return (a - o).cross(b - o); }

bool segments_cross(const cv::Point2d& a, const cv::Point2d& b, const cv::Point2d& c, const cv::Point2d& d) {
  return cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
}

/// Inside and outside of a crossing outline are anybody's guess, and almost always two points were swapped.
bool crosses_itself(const sdk::Polygon& p) {
  const std::size_t n = p.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 2; j < n; ++j) {
      if (i == 0 && j == n - 1) continue;  // neighbours
      if (segments_cross(p[i], p[i + 1], p[j], p[(j + 1) % n])) return true;
    }
  }
  return false;
}

std::optional<sdk::Polygon> read_polygon(const Row& row, const Node& node, const Reading& reading) {
  const auto points = read_points(element(row, Type::polygon), node, reading, 3);
  if (!points) return {};
  if (crosses_itself(*points)) {
    reading.problems.add(node.place, "the outline crosses itself; accepted: corners in order around the area");
    return {};
  }
  if (area(*points) <= 0) {
    reading.problems.add(node.place, "the polygon has no area");
    return {};
  }
  return points;
}

std::optional<std::vector<sdk::Polygon>> read_polygons(const Row& row, const Node& node, const Reading& reading) {
  const auto* items = items_of(row, node, reading, 0, kMostItems);
  if (items == nullptr) return {};
  std::vector<sdk::Polygon> out;
  for (const Node& item : *items) {
    auto polygon = read_polygon(row, item, reading);
    if (!polygon) return {};
    out.push_back(std::move(*polygon));
  }
  return out;
}

std::optional<std::vector<std::string>> read_texts(const Row& row, const Node& node, const Reading& reading) {
  const auto* items = items_of(row, node, reading, 0, kMostItems);
  if (items == nullptr) return {};
  std::vector<std::string> out;
  Row one = element(row, Type::text);
  one.between(1, 253);
  for (const Node& item : *items) {
    const auto text = read_value(one, item, reading);
    if (!text) return {};
    out.push_back(std::get<std::string>(text->value));
  }
  return out;
}

std::optional<std::vector<std::string>> read_days(const Row& row, const Node& node, const Reading& reading) {
  auto days = read_texts(row, node, reading);
  if (!days) return {};
  for (std::size_t i = 0; i < days->size(); ++i) {
    if (!parse_days((*days)[i]).empty()) continue;
    reading.problems.add(node.items[i].place, shown(node.items[i].text) + " is no day; accepted: " + expectation(row));
    return {};
  }
  return days;
}

std::optional<Value> single_point(const Row& row, const Node& node, const Reading& reading) {
  if (const auto point = read_point(row, node, reading)) return Value{sdk::Polygon{*point}};
  return {};
}

template <class T>
std::optional<Value> as_value(std::optional<T> value) {
  if (!value) return {};
  return Value{std::move(*value)};
}

}  // namespace

bool is_shape(Type type) {
  return type == Type::numbers || type == Type::point || type == Type::points || type == Type::polygon ||
         type == Type::polygons || type == Type::texts || type == Type::days;
}

std::optional<Value> read_shape(const Row& row, const Node& node, const Reading& reading) {
  switch (row.type) {
    case Type::numbers:
      return as_value(read_numbers(row, node, reading));
    case Type::point:
      return single_point(row, node, reading);
    case Type::points:
      return as_value(read_points(row, node, reading, 0));
    case Type::polygon:
      return as_value(read_polygon(row, node, reading));
    case Type::polygons:
      return as_value(read_polygons(row, node, reading));
    case Type::days:
      return as_value(read_days(row, node, reading));
    default:
      return as_value(read_texts(row, node, reading));
  }
}

std::vector<int> parse_days(const std::string& text) {
  const auto index = [](std::string_view name) {
    return static_cast<int>(std::find(kDays.begin(), kDays.end(), name) - kDays.begin());
  };
  const std::size_t dash = text.find('-');
  const int first = index(std::string_view(text).substr(0, dash));
  const int last = dash == std::string::npos ? first : index(std::string_view(text).substr(dash + 1));
  std::vector<int> out;
  if (first > 6 || last > 6) return out;
  for (int day = first;; day = (day + 1) % 7) {
    out.push_back(day);
    if (day == last) return out;
  }
}

}  // namespace lynceus::config
