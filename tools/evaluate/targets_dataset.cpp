#include "tools/evaluate/targets_dataset.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/error.h"
#include "pipeline/ingest/reader.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr double kPointSide_px = 9;  // of the box that stands around a point
constexpr std::size_t kMostFrames = 1'000'000;

/// The truth file of a folder; empty: none.
std::string truth_file(const std::string& folder) {
  std::vector<std::string> named, others;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".txt") continue;
    if (path.filename() == "groundtruth_rect.txt") return path.string();
    (path.filename().string().starts_with("groundtruth") ? named : others).push_back(path.string());
  }
  std::sort(named.begin(), named.end());
  if (!named.empty()) return named.front();
  return others.size() == 1 ? others.front() : "";
}

TargetSequence read_sequence(const std::string& folder, const std::string& truth) {
  TargetSequence out;
  out.pictures = fs::is_directory(folder + "/img") ? folder + "/img" : folder;
  std::ifstream file(truth);
  std::string line;
  std::size_t number = 0;
  while (std::getline(file, line) && number < kMostFrames) {
    out.boxes.push_back(parse_truth_line(line, truth + ":" + std::to_string(++number), out.points));
  }
  if (std::none_of(out.boxes.begin(), out.boxes.end(), [](const auto& box) { return box.has_value(); }))
    throw Error(Exit::unreadable, "truth", truth, "holds no box");
  return out;
}

std::vector<MaskedPicture> read_masks(const std::string& folder) {
  std::vector<MaskedPicture> out;
  for (const std::string& picture : ingest::pictures_of(folder + "/images")) {
    const std::string mask = folder + "/masks/" + fs::path(picture).stem().string() + "_pixels0.png";
    if (!fs::exists(mask)) throw Error(Exit::unreadable, "evaluate", mask, "is missing");
    out.push_back({picture, mask});
  }
  if (!fs::is_directory(folder + "/backgrounds")) return out;
  for (const std::string& picture : ingest::pictures_of(folder + "/backgrounds")) out.push_back({picture, ""});
  return out;
}

}  // namespace

std::optional<cv::Rect2d> parse_truth_line(const std::string& line, const std::string& where, bool& point) {
  std::vector<double> numbers;
  const char* at = line.c_str();
  while (*at != '\0') {
    if (*at == ',' || *at == ';' || std::isspace(static_cast<unsigned char>(*at))) {
      ++at;
      continue;
    }
    char* end = nullptr;
    numbers.push_back(std::strtod(at, &end));
    if (end == at || numbers.size() > 4) throw Error(Exit::unreadable, "truth", where, "is no x,y or x,y,w,h");
    at = end;
  }
  if (numbers.empty()) return std::nullopt;
  if (numbers.size() != 2 && numbers.size() != 4) throw Error(Exit::unreadable, "truth", where, "is no x,y or x,y,w,h");
  if (!std::all_of(numbers.begin(), numbers.end(), [](double v) { return std::isfinite(v) && std::abs(v) < 1e6; }))
    return std::nullopt;
  if (numbers.size() == 2) {
    if (numbers[0] == 0 && numbers[1] == 0) return std::nullopt;
    point = true;  // pixel 1,1 has its middle half a pixel from the corner
    return cv::Rect2d(numbers[0] - 0.5 - kPointSide_px / 2, numbers[1] - 0.5 - kPointSide_px / 2, kPointSide_px,
                      kPointSide_px);
  }
  if (numbers[2] <= 0 || numbers[3] <= 0) return std::nullopt;
  return cv::Rect2d(numbers[0] - 1, numbers[1] - 1, numbers[2], numbers[3]);
}

TargetsDataset open_targets_dataset(const std::string& folder) {
  if (!fs::is_directory(folder)) throw Error(Exit::unreadable, "evaluate", folder, "is no folder");
  TargetsDataset out;
  if (fs::is_directory(folder + "/images") && fs::is_directory(folder + "/masks")) {
    out.pictures = read_masks(folder);
    return out;
  }
  const std::string truth = truth_file(folder);
  if (truth.empty())
    throw Error(Exit::unreadable, "evaluate", folder, "has neither groundtruth_rect.txt nor images/ and masks/");
  out.sequence = read_sequence(folder, truth);
  return out;
}

}  // namespace lynceus::tools
