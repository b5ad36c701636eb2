#include "plugins/scene/classes.h"

#include <array>
#include <cstddef>

namespace lynceus::scene {
namespace {

struct Row {
  std::string_view name;
  int four, thirteen;
};

/// NYUv2's own mappings (mapToNYUSuperClass, class13Mapping), indices less 1.
// clang-format off
constexpr std::array<Row, 40> kForty{{
    {"wall", 1, 11},       {"floor", 0, 4},         {"cabinet", 2, 5},          {"bed", 2, 0},
    {"chair", 2, 3},       {"sofa", 2, 8},          {"table", 2, 9},            {"door", 1, 11},
    {"window", 1, 12},     {"bookshelf", 2, 5},     {"picture", 3, 7},          {"counter", 1, 5},
    {"blinds", 1, 12},     {"desk", 2, 9},          {"shelves", 2, 5},          {"curtain", 1, 12},
    {"dresser", 2, 5},     {"pillow", 3, 6},        {"mirror", 3, 6},           {"floor_mat", 3, 4},
    {"clothes", 3, 6},     {"ceiling", 1, 2},       {"books", 3, 1},            {"refrigerator", 2, 5},
    {"television", 3, 10}, {"paper", 3, 6},         {"towel", 3, 6},            {"shower_curtain", 1, 6},
    {"box", 3, 6},         {"whiteboard", 1, 6},    {"person", 3, 6},           {"night_stand", 2, 5},
    {"toilet", 2, 6},      {"sink", 3, 6},          {"lamp", 3, 6},             {"bathtub", 2, 6},
    {"bag", 3, 6},         {"other_structure", 1, 6}, {"other_furniture", 2, 5}, {"other_prop", 3, 6},
}};
// clang-format on

constexpr std::array<std::string_view, 13> kThirteen{"bed",       "books",   "ceiling", "chair", "floor",
                                                     "furniture", "objects", "picture", "sofa",  "table",
                                                     "tv",        "wall",    "window"};
constexpr std::array<std::string_view, 4> kFour{"floor", "structure", "furniture", "props"};

/// Told apart by eyes that see fewer colours too: Okabe and Ito's, blue first.
const std::array<cv::Vec3b, 4> kColours{{{115, 158, 0}, {233, 180, 86}, {0, 94, 213}, {66, 228, 240}}};

/// Colours of many classes, each far from its neighbours: bits of the index spread over the channels.
cv::Vec3b spread_colour(int index) {
  cv::Vec3b colour(40, 40, 40);
  for (int bit = 0, rest = index + 1; bit < 6; ++bit, rest >>= 1) {
    if (rest & 1) colour[bit % 3] = static_cast<uchar>(colour[bit % 3] + (bit < 3 ? 128 : 64));
  }
  return colour;
}

}  // namespace

std::string_view class_name(int classes, int index) {
  const auto i = static_cast<std::size_t>(index);
  return classes == 4 ? kFour.at(i) : classes == 13 ? kThirteen.at(i) : kForty.at(i).name;
}

cv::Vec3b class_colour(int classes, int index) {
  return classes == 4 ? kColours.at(static_cast<std::size_t>(index)) : spread_colour(index);
}

int folded_class(int of_forty, int to) {
  if (to == 40) return of_forty;
  const Row& row = kForty.at(static_cast<std::size_t>(of_forty));
  return to == 4 ? row.four : row.thirteen;
}

Maps fold(const Maps& maps, int to) {
  if (static_cast<int>(maps.size()) == to) return maps;
  Maps out;
  for (int i = 0; i < to; ++i) out.emplace_back(cv::Mat::zeros(maps.at(0).size(), CV_32F));
  for (std::size_t i = 0; i < maps.size(); ++i)
    out[static_cast<std::size_t>(folded_class(static_cast<int>(i), to))] += maps[i];
  return out;
}

}  // namespace lynceus::scene
