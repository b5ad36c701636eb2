// Fuses pictures of a visible camera into those of an infrared one beside it and says how well, one JSON object:
// context_pairs VISIBLE INFRARED COUNT, two folders with pictures of the same names. The visible picture is given as
// another camera would see it, with the homography that leads back.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/temp_folder.h"
#include "tools/analyze/session.h"
#include "tools/evaluate/context_clip.h"
#include "tools/evaluate/context_figures.h"

namespace lynceus::tools {
namespace {

constexpr int kWidth = 640;

cv::Mat fitted(const cv::Mat& picture, cv::Size size) {
  cv::Mat out;
  cv::resize(picture, out, size, 0, 0, cv::INTER_AREA);
  return out;
}

/// The corners of the infrared picture as the other camera sees them, 0..1.
const std::vector<cv::Point2f> kSeen{{0.06F, 0.05F}, {0.95F, 0.03F}, {0.93F, 0.96F}, {0.04F, 0.94F}};
const std::vector<cv::Point2f> kCorners{{0, 0}, {1, 0}, {1, 1}, {0, 1}};

std::string json_of(const std::vector<cv::Point2f>& points) {
  std::string text;
  for (const cv::Point2f& p : points)
    text += (text.empty() ? "[[" : ",[") + std::to_string(p.x) + "," + std::to_string(p.y) + "]";
  return text + "]";
}

cv::Mat from_beside(const cv::Mat& visible) {
  const auto scaled = [&](std::vector<cv::Point2f> points) {
    for (cv::Point2f& p : points) p = {p.x * float(visible.cols), p.y * float(visible.rows)};
    return points;
  };
  cv::Mat out;
  cv::warpPerspective(visible, out, cv::getPerspectiveTransform(scaled(kCorners), scaled(kSeen)), visible.size(),
                      cv::INTER_CUBIC);
  return out;
}

struct Sums {
  QualityFigures ours, average;
  int pictures = 0;
};

void add_pair(const cv::Mat& visible, const cv::Mat& infrared, Sums& sums) {
  const test::TempFolder folder;
  picture::write(folder / "day.png", from_beside(visible));
  SetupRequest request;
  request.plugin = "context";
  request.sets = {"mode=\"static\"", "day=\"" + (folder / "day.png") + "\"", "homography.day=" + json_of(kSeen),
                  "homography.frame=" + json_of(kCorners)};
  const Setup setup = make_setup(request);
  Session session(setup, true);
  const auto report =
      session.process(ingest::make_picture_frame({"", 0, system_clock().now(), system_clock().wall(), infrared, {}}));
  if (!report) throw Error(Exit::fatal, "context_pairs", "context", session.why());
  cv::Mat result, importance;
  for (const sdk::View& view : report->observations->views)
    (view.name == "enhanced" ? result : importance) = view.picture;
  if (importance.empty()) throw Error(Exit::fatal, "context_pairs", "context", "nothing was fused");
  cv::Mat average;
  cv::addWeighted(visible, 0.5, infrared, 0.5, 0, average);
  const Regions regions(importance > 127);
  const Seen night(infrared), day(visible);
  sums.ours.add(Seen(result), night, day, regions);
  sums.average.add(Seen(average), night, day, regions);
  ++sums.pictures;
}

Sums run(const std::string& visible, const std::string& infrared, std::size_t count) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(visible))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  Sums sums;
  for (std::size_t i = 0; i < std::min(count, names.size()); ++i) {
    const std::string& name = names[i * names.size() / std::min(count, names.size())];
    const cv::Mat day = read_colour(visible + "/" + name), night = read_colour(infrared + "/" + name);
    const cv::Size size(kWidth, kWidth * night.rows / night.cols);
    add_pair(fitted(day, size), fitted(night, size), sums);
  }
  return sums;
}

void print(const char* name, const QualityFigures& figures) {
  std::printf("\"%s\": {\"infrared\": %.4f, \"visible\": %.4f, \"halo\": %.3f}", name, figures.foreground.value(),
              figures.background.value(), figures.halo());
}

}  // namespace
}  // namespace lynceus::tools

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw lynceus::Error(lynceus::Exit::usage, "context_pairs", "arguments", "VISIBLE INFRARED COUNT");
    const auto sums = lynceus::tools::run(argv[1], argv[2], std::stoul(argv[3]));
    std::printf("{\"pairs\": %d, ", sums.pictures);
    lynceus::tools::print("ours", sums.ours);
    std::printf(", ");
    lynceus::tools::print("average", sums.average);
    std::printf("}\n");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "context_pairs: %s\n", error.what());
    return 1;
  }
}
