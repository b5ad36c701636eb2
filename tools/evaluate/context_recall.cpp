#include "tools/evaluate/context_recall.h"

#include <algorithm>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "tools/analyze/session.h"

namespace lynceus::tools {
namespace {

constexpr int kLeastHeight_px = 48;
constexpr double kOverlap = 0.25;

double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double both = (a & b).area();
  return both > 0 ? both / (a.area() + b.area() - both) : 0;
}

class Hog final : public PeopleFinder {
 public:
  Hog() { hog_.setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector()); }

  std::vector<cv::Rect2d> find(const cv::Mat& bgr) override {
    // Its people are 96 px high at the least.
    const double scale = std::max(1.0, 96.0 / kLeastHeight_px);
    cv::Mat larger;
    cv::resize(bgr, larger, {}, scale, scale, cv::INTER_LINEAR);
    std::vector<cv::Rect> found;
    hog_.detectMultiScale(larger, found, 0, {8, 8}, {16, 16}, 1.1);
    std::vector<cv::Rect2d> boxes;
    for (const cv::Rect& box : found)
      boxes.emplace_back(box.x / scale, box.y / scale, box.width / scale, box.height / scale);
    return boxes;
  }
  std::string name() const override { return "hog"; }

 private:
  cv::HOGDescriptor hog_;
};

class PeoplePlugin final : public PeopleFinder {
 public:
  explicit PeoplePlugin(Setup setup) : setup_(std::move(setup)) {}

  std::vector<cv::Rect2d> find(const cv::Mat& bgr) override {
    Session session(setup_, true);
    const auto report =
        session.process(ingest::make_picture_frame({"", 0, system_clock().now(), system_clock().wall(), bgr, {}}));
    std::vector<cv::Rect2d> boxes;
    if (!report) return boxes;
    for (const sdk::Entity& entity : report->observations->entities) boxes.push_back(entity.box);
    return boxes;
  }
  std::string name() const override { return "people"; }

 private:
  const Setup setup_;
};

}  // namespace

std::unique_ptr<PeopleFinder> make_people_finder(const EvaluateRun& run) {
  SetupRequest request = run.request;
  request.plugin = "people";
  request.config.clear();
  request.sets.clear();
  try {
    Setup setup = make_setup(request);
    Session probe(setup, true);
    return std::make_unique<PeoplePlugin>(std::move(setup));
  } catch (const Error&) {
    return std::make_unique<Hog>();
  }
}

double Recall::value() const { return all > 0 ? double(found) / all : std::numeric_limits<double>::quiet_NaN(); }

Recall recall_of(const std::vector<cv::Rect2d>& boxes, const cv::Mat& mask) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres);
  Recall recall;
  for (int i = 1; i < count; ++i) {
    const cv::Rect2d own(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                         stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    if (own.height < kLeastHeight_px || own.height < 1.3 * own.width) continue;
    ++recall.all;
    recall.found +=
        std::any_of(boxes.begin(), boxes.end(), [&](const cv::Rect2d& box) { return overlap(box, own) >= kOverlap; });
  }
  return recall;
}

}  // namespace lynceus::tools
