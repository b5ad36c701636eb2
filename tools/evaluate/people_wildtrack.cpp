#include "tools/evaluate/people_wildtrack.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/error.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kAcross = 480, kAlong = 1440;
constexpr double kCell_m = 0.025;

std::optional<cv::Rect2d> box_of(const Json& view) {
  const double x0 = view.at("xmin"), y0 = view.at("ymin"), x1 = view.at("xmax"), y1 = view.at("ymax");
  if (x0 == -1 && y0 == -1 && x1 == -1 && y1 == -1) return std::nullopt;
  return cv::Rect2d(x0, y0, x1 - x0, y1 - y0);
}

WildtrackPerson person_of(const Json& json) {
  WildtrackPerson out;
  out.id = json.at("personID");
  const auto metres = wildtrack_metres(json.at("positionID"));
  if (!metres) throw Error(Exit::unreadable, "evaluate", "positionID", "outside of the grid");
  out.metres = *metres;
  for (const Json& view : json.at("views")) {
    const std::size_t number = view.at("viewNum");
    if (number < out.boxes.size()) out.boxes[number] = box_of(view);
  }
  return out;
}

}  // namespace

std::optional<cv::Point2d> wildtrack_metres(std::int64_t position) {
  if (position < 0 || position >= kAcross * kAlong) return std::nullopt;
  return kWildtrackOrigin_m + cv::Point2d(kCell_m * double(position % kAcross), kCell_m * double(position / kAcross));
}

std::optional<std::int64_t> wildtrack_position(const cv::Point2d& metres) {
  const double x = std::round((metres.x - kWildtrackOrigin_m.x) / kCell_m),
               y = std::round((metres.y - kWildtrackOrigin_m.y) / kCell_m);
  if (!(x >= 0 && y >= 0 && x < double(kAcross) && y < double(kAlong))) return std::nullopt;
  return std::int64_t(y) * kAcross + std::int64_t(x);
}

bool is_wildtrack(const std::string& folder) {
  return fs::is_directory(folder + "/calibrations") && fs::is_directory(folder + "/annotations_positions");
}

std::vector<WildtrackMoment> read_wildtrack(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder + "/annotations_positions")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Error(Exit::unreadable, "evaluate", folder, "no annotations");
  std::vector<WildtrackMoment> out;
  for (const std::string& name : files) {
    WildtrackMoment moment{"annotations_positions/" + name, {}};
    std::ifstream file(folder + "/" + moment.file);
    try {
      for (const Json& json : Json::parse(file)) moment.people.push_back(person_of(json));
    } catch (const nlohmann::json::exception& error) {
      throw Error(Exit::unreadable, "evaluate", moment.file, error.what());
    }
    out.push_back(std::move(moment));
  }
  return out;
}

}  // namespace lynceus::tools
