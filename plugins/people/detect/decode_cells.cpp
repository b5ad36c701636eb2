// Networks that answer the distances from a cell to the four edges: NanoDet, the project's own.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "plugins/people/detect/decode.h"
#include "plugins/people/detect/rows.h"

namespace lynceus::people {
namespace {

constexpr int kBins = 8;          // of NanoDet's distributions
constexpr float kLargestLog = 6;  // e^6 strides: beyond any input

cv::Rect2d from_edges(cv::Point2d centre, const std::array<double, 4>& edges) {
  return {centre.x - edges[0], centre.y - edges[1], edges[0] + edges[2], edges[1] + edges[3]};
}

/// The mean of a distribution given by logits of 0, 1, 2 … strides.
double mean_bin(std::span<const float> logits) {
  const float top = *std::max_element(logits.begin(), logits.end());
  double sum = 0, weighted = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double weight = std::exp(double(logits[i]) - top);
    sum += weight;
    weighted += weight * double(i);
  }
  return weighted / sum;
}

/// One stride of a NanoDet.
struct Level {
  cv::Mat scores, edges;  // a row a cell
  int stride = 0;
  double offset = 0;  // of the cell's centre, cells
};

void read_level(const Level& level, cv::Size input, double least, std::vector<Detection>& out) {
  const int across = (input.width + level.stride - 1) / level.stride;
  for (int y = 0; y < level.scores.rows; ++y) {
    const auto classes = row(level.scores, y);
    if (!(classes[0] >= float(least)) || !first_is_best(classes)) continue;
    std::array<double, 4> edges{};
    for (std::size_t i = 0; i < 4; ++i)
      edges[i] = mean_bin(row(level.edges, y).subspan(i * kBins, kBins)) * level.stride;
    const cv::Point2d centre((y % across + level.offset) * level.stride, (y / across + level.offset) * level.stride);
    const cv::Rect2d box = from_edges(centre, edges);
    if (sound(box)) out.push_back({box, double(classes[0])});
  }
}

int cells_at(cv::Size input, int stride) {
  return ((input.width + stride - 1) / stride) * ((input.height + stride - 1) / stride);
}

/// NanoDet-Plus: all strides below each other, scores and edges beside each other.
std::vector<Level> levels_of_one(const cv::Mat& rows, cv::Size input, const char* family) {
  if (rows.cols <= 4 * kBins) not_of(family);
  std::vector<Level> levels;
  int first = 0;
  for (const int stride : {8, 16, 32, 64}) {
    const int count = cells_at(input, stride);
    if (first + count > rows.rows) break;
    const cv::Mat part = rows.rowRange(first, first + count);
    levels.push_back(
        {part.colRange(0, rows.cols - 4 * kBins), part.colRange(rows.cols - 4 * kBins, rows.cols), stride, 0});
    first += count;
  }
  if (first != rows.rows) not_of(family);
  return levels;
}

/// The strides' tensors in any order: the number of rows tells the stride, 32 columns are edges.
std::vector<Level> levels_of_pairs(Outputs outputs, cv::Size input, const char* family) {
  std::vector<Level> levels;
  for (const int stride : {8, 16, 32}) levels.push_back({{}, {}, stride, 0.5});
  for (const cv::Mat& output : outputs) {
    const cv::Mat rows = rows_of(output, family);
    const auto level = std::find_if(levels.begin(), levels.end(),
                                    [&](const Level& l) { return rows.rows == cells_at(input, l.stride); });
    if (level == levels.end()) not_of(family);
    cv::Mat& place = rows.cols == 4 * kBins ? level->edges : level->scores;
    if (!place.empty()) not_of(family);
    place = rows;
  }
  if (outputs.size() != levels.size() * 2) not_of(family);
  return levels;
}

}  // namespace

std::vector<Detection> decode_nanodet(Outputs outputs, cv::Size input, double least) {
  constexpr const char* kFamily = "a NanoDet detector";
  if (outputs.empty()) not_of(kFamily);
  const auto levels = outputs.size() == 1 ? levels_of_one(rows_of(outputs[0], kFamily), input, kFamily)
                                          : levels_of_pairs(outputs, input, kFamily);
  std::vector<Detection> out;
  for (const Level& level : levels) read_level(level, input, least, out);
  return out;
}

std::vector<Detection> decode_own(Outputs outputs, cv::Size input, double least) {
  constexpr const char* kFamily = "the project's own detector";
  if (outputs.empty()) not_of(kFamily);
  std::vector<Detection> out;
  for (const cv::Mat& map : outputs) {
    const bool known =
        map.dims == 4 && map.type() == CV_32F && map.size[0] == 1 && map.size[1] == 5 && map.isContinuous();
    if (!known || map.size[2] < 1 || map.size[3] < 1) not_of(kFamily);
    const int across = map.size[3], count = across * map.size[2];
    const double stride = double(input.width) / across;
    const auto* plane = map.ptr<float>();
    const auto logit = float(std::log(std::max(least, 1e-9) / std::max(1 - least, 1e-9)));
    for (int cell = 0; cell < count; ++cell) {
      if (!(plane[cell] >= logit)) continue;
      std::array<double, 4> edges{};
      for (int i = 0; i < 4; ++i) {
        edges[std::size_t(i)] = std::exp(double(std::min(plane[(i + 1) * count + cell], kLargestLog))) * stride;
      }
      const cv::Rect2d box = from_edges({(cell % across + 0.5) * stride, (cell / across + 0.5) * stride}, edges);
      if (sound(box)) out.push_back({box, 1 / (1 + std::exp(-double(plane[cell])))});
    }
  }
  return out;
}

}  // namespace lynceus::people
