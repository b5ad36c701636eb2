// Real pictures of rooms with their labels, and what may happen before their eyes: something is put on the floor,
// somebody stands there for a while, the lamp is another, furniture is all over the place.
//
// A room has a zone in the middle of its largest piece of floor. Things are pieces cut out of other rooms along their
// labels. Everything follows from the pictures and a seed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/dnn/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "plugins/sdk/options.h"
#include "plugins/sdk/services.h"

namespace lynceus::test {

/// A network in a file, run as it is.
class FileNetwork final : public sdk::Inference {
 public:
  explicit FileNetwork(const std::string& path) : net_(cv::dnn::readNetFromONNX(path)) {}
  Model load(const sdk::ModelFile&) override { return 0; }
  std::vector<cv::Mat> infer(Model, const std::vector<cv::Mat>& inputs) override {
    net_.setInput(inputs.at(0));
    return {net_.forward().clone()};
  }

 private:
  cv::dnn::Net net_;
};

/// Cut out of a picture; `mask` 255 where it is.
struct Thing {
  cv::Mat picture, mask;
};

struct RealRoom {
  std::string name;
  cv::Mat picture, labels;
  cv::Point centre;     ///< of the zone
  double reach_px = 0;  ///< half its side

  sdk::Zone zone() const {
    const auto corner = [&](double dx, double dy) {
      return cv::Point2d((centre.x + dx * reach_px) / picture.cols, (centre.y + dy * reach_px) / picture.rows);
    };
    return {"door", {corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)}, {}};
  }
};

/// Nothing for a room without enough floor to have an exit on.
inline std::optional<RealRoom> real_room(const std::string& folder, const std::string& name) {
  RealRoom room;
  room.name = name;
  room.picture = picture::read(folder + "/images/" + name + ".jpg").pixels;
  room.labels = picture::read(folder + "/labels/" + name + ".png").pixels;
  cv::Mat floor, away;
  cv::copyMakeBorder(room.labels == 0, floor, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
  cv::distanceTransform(floor, away, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  double farthest = 0;
  cv::minMaxLoc(away, nullptr, &farthest, nullptr, &room.centre);
  room.centre -= cv::Point(1, 1);
  room.reach_px = 0.75 * farthest;
  if (farthest < 0.07 * room.picture.cols) return std::nullopt;
  return room;
}

inline std::vector<std::string> room_names(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/labels"))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// The largest piece of furniture, or of props, of a room that is whole enough to be one.
inline std::optional<Thing> thing_of(const RealRoom& room, int of_class) {
  cv::Mat mask = room.labels == of_class, parts, stats, centres;
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
  const int count = cv::connectedComponentsWithStats(mask, parts, stats, centres);
  int best = 0, area = int(0.02 * mask.total());
  for (int i = 1; i < count; ++i) {
    const int* s = stats.ptr<int>(i);
    if (s[cv::CC_STAT_AREA] <= area || s[cv::CC_STAT_AREA] < 0.5 * s[cv::CC_STAT_WIDTH] * s[cv::CC_STAT_HEIGHT])
      continue;
    best = i;
    area = s[cv::CC_STAT_AREA];
  }
  if (best == 0) return std::nullopt;
  const int* s = stats.ptr<int>(best);
  const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]);
  const cv::Mat whole = parts == best;
  return Thing{room.picture(box).clone(), whole(box).clone()};
}

/// Laid over the picture with its lower middle at `foot`, so wide.
inline void put(cv::Mat& picture, const Thing& thing, cv::Point foot, double width) {
  const cv::Size size(std::max(4, int(width)), std::max(4, int(width * thing.mask.rows / thing.mask.cols)));
  cv::Mat what, mask;
  cv::resize(thing.picture, what, size, 0, 0, cv::INTER_AREA);
  cv::resize(thing.mask, mask, size, 0, 0, cv::INTER_LINEAR);
  const cv::Rect at(foot.x - size.width / 2, foot.y - size.height, size.width, size.height),
      seen = at & cv::Rect({}, picture.size());
  if (seen.empty()) return;
  const cv::Rect part = seen - at.tl();
  what(part).copyTo(picture(seen), mask(part) > 127);
}

/// Something on the zone that covers it; how much of it, too.
inline std::pair<cv::Mat, double> with_thing(const RealRoom& room, const Thing& thing) {
  const cv::Rect zone(room.centre - cv::Point(int(room.reach_px), int(room.reach_px)),
                      cv::Size(int(2 * room.reach_px), int(2 * room.reach_px)));
  for (double width = 2.2 * room.reach_px;; width *= 1.25) {
    cv::Mat picture = room.picture.clone(), cover = cv::Mat::zeros(picture.size(), CV_8UC3);
    const cv::Point foot(room.centre.x, std::min(picture.rows - 1, room.centre.y + int(1.15 * room.reach_px)));
    put(picture, thing, foot, width);
    put(cover, {cv::Mat(thing.mask.size(), CV_8UC3, cv::Scalar::all(255)), thing.mask}, foot, width);
    cv::Mat grey;
    cv::cvtColor(cover(zone), grey, cv::COLOR_BGR2GRAY);
    const double covered = double(cv::countNonZero(grey > 127)) / zone.area();
    if (covered > 0.6 || width > 8 * room.reach_px) return {picture, covered};
  }
}

/// Somebody's outline, dressed in a piece of another picture.
inline Thing person(const cv::Mat& clothes) {
  Thing out{{}, cv::Mat::zeros(300, 110, CV_8U)};
  cv::circle(out.mask, {55, 24}, 22, cv::Scalar(255), cv::FILLED);
  cv::ellipse(out.mask, {55, 110}, {42, 68}, 0, 0, 360, cv::Scalar(255), cv::FILLED);
  cv::rectangle(out.mask, {22, 150, 28, 148}, cv::Scalar(255), cv::FILLED);
  cv::rectangle(out.mask, {60, 150, 28, 148}, cv::Scalar(255), cv::FILLED);
  cv::resize(clothes, out.picture, out.mask.size(), 0, 0, cv::INTER_AREA);
  return out;
}
inline cv::Mat with_person(const RealRoom& room, const cv::Mat& clothes) {
  cv::Mat picture = room.picture.clone();
  put(picture, person(clothes), {room.centre.x, room.centre.y + int(0.6 * room.reach_px)}, 1.6 * room.reach_px);
  return picture;
}

/// Another lamp, its own colour, a slope of light over the room.
inline cv::Mat relit(const cv::Mat& picture, double gain, double slope, double warmth) {
  cv::Mat light(picture.size(), CV_32FC3), out;
  for (int x = 0; x < picture.cols; ++x) {
    const double here = gain + slope * (double(x) / picture.cols - 0.5);
    light.col(x).setTo(cv::Scalar(here * (1 - warmth), here, here * (1 + warmth)));
  }
  picture.convertTo(out, CV_32FC3);
  cv::Mat(out.mul(light)).convertTo(out, CV_8UC3);
  return out;
}

/// Furniture of others all over the place.
inline cv::Mat rearranged(const RealRoom& room, const std::vector<Thing>& things) {
  cv::Mat picture = room.picture.clone();
  for (std::size_t i = 0; i < things.size(); ++i) {
    const double x = (i + 0.5) / double(things.size());
    put(picture, things[i], {int(x * picture.cols), int((i % 2 ? 0.97 : 0.8) * picture.rows)}, 0.4 * picture.cols);
  }
  return picture;
}

}  // namespace lynceus::test
