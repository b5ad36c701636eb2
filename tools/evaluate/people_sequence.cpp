#include "tools/evaluate/people_sequence.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/error.h"
#include "pipeline/ingest/reader.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMot16Columns =
    9;  // frame, id, x, y, w, h, counts, class, visibility; MOT15 has ten, with metres
constexpr double kOnIt = 0.5;
constexpr int kMostFrames = 1'000'000;

std::vector<double> row_of(const std::string& line) {
  std::vector<double> out;
  std::istringstream words(line);
  for (std::string word; std::getline(words, word, ',');) out.push_back(std::atof(word.c_str()));
  return out;
}

std::vector<std::vector<double>> rows_of(const std::string& path, std::size_t least) {
  std::ifstream file(path);
  if (!file) throw Error(Exit::unreadable, "evaluate", path, "cannot be opened");
  std::vector<std::vector<double>> out;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \r\t") == std::string::npos) continue;
    out.push_back(row_of(line));
    const auto& row = out.back();
    if (row.size() < least || !(row[0] >= 1 && row[0] <= kMostFrames))
      throw Error(Exit::unreadable, "evaluate", path + ":" + std::to_string(number), "no line of MOTChallenge");
  }
  return out;
}

/// 1 pedestrian; 2 on a vehicle, 7 standing person, 8 distractor and 12 reflection count for nobody and against nobody.
void add_truth(PeopleSequence& s, const std::vector<double>& row) {
  const LabelledBox box{std::int64_t(row[1]), {row[2], row[3], row[4], row[5]}};
  const int frame = int(row[0]);
  s.frames = std::max(s.frames, frame);
  const bool classes = row.size() == kMot16Columns;
  const int label = classes ? int(row[7]) : 1;
  const bool counts = row.size() < 7 || row[6] != 0;
  static const std::set<int> nobody{2, 7, 8, 12};
  if (label == 1 && counts) s.truth[frame].push_back(box);
  if (classes && nobody.contains(label)) s.ignored[frame].push_back(box);
}

void read_info(PeopleSequence& s) {
  std::ifstream file(s.folder + "/seqinfo.ini");
  for (std::string line; std::getline(file, line);) {
    const auto sign = line.find('=');
    if (sign == std::string::npos) continue;
    const std::string key = line.substr(0, sign);
    const double value = std::atof(line.c_str() + sign + 1);
    if (key == "frameRate" && value > 0 && value <= 1000) s.fps = value;
    if (key == "seqLength" && value > 0 && value <= kMostFrames) s.frames = std::max(s.frames, int(value));
    if (key == "imWidth" && value > 0 && value <= 65536) s.size.width = int(value);
    if (key == "imHeight" && value > 0 && value <= 65536) s.size.height = int(value);
  }
}

}  // namespace

bool is_people_sequence(const std::string& folder) { return fs::is_regular_file(folder + "/gt/gt.txt"); }

PeopleSequence read_people_sequence(const std::string& folder) {
  PeopleSequence s;
  s.folder = folder;
  for (const auto& row : rows_of(folder + "/gt/gt.txt", 6)) add_truth(s, row);
  read_info(s);
  double right = 0, bottom = 0;
  if (fs::is_regular_file(folder + "/det/det.txt")) {
    for (const auto& row : rows_of(folder + "/det/det.txt", 6)) {
      s.frames = std::max(s.frames, int(row[0]));
      right = std::max(right, row[2] + row[4]);
      bottom = std::max(bottom, row[3] + row[5]);
    }
  }
  if (s.size.area() <= 0)
    s.size = {std::clamp(int(std::ceil(right)), 64, 8192), std::clamp(int(std::ceil(bottom)), 64, 8192)};
  if (fs::is_directory(folder + "/img1")) s.pictures = ingest::pictures_of(folder + "/img1");
  if (!s.pictures.empty()) s.frames = std::min(s.frames, int(s.pictures.size()));
  return s;
}

Tracks without_ignored(const PeopleSequence& s, const Tracks& result) {
  if (s.ignored.empty()) return result;
  Tracks out;
  const auto on = [](const Tracks& tracks, int frame, const cv::Rect2d& box) {
    const auto found = tracks.find(frame);
    return found != tracks.end() && std::any_of(found->second.begin(), found->second.end(),
                                                [&](const LabelledBox& b) { return box_overlap(b.box, box) >= kOnIt; });
  };
  for (const auto& [frame, boxes] : result) {
    for (const LabelledBox& b : boxes) {
      if (on(s.truth, frame, b.box) || !on(s.ignored, frame, b.box)) out[frame].push_back(b);
    }
  }
  return out;
}

}  // namespace lynceus::tools
