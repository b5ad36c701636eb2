#include "plugins/people/detect/hog.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <utility>

#include "plugins/people/detect/suppress.h"

namespace lynceus::people {
namespace {

constexpr int kLargestSide = 960;         // larger pictures are shrunk first
constexpr double kOperatingPoint = 0.52;  // best F1 on held-out pictures; 0.5: on the support vector machine's border
constexpr double kLowScore = 0.4;
// Its window leaves a border of an eighth above and below, a quarter at the sides of a person.
constexpr double kWidthOfPerson = 0.62, kHeightOfPerson = 0.80;

double score_of(double margin) { return 1 / (1 + std::exp(-margin)); }
double margin_of(double score) { return std::log(score / (1 - score)); }

cv::Rect2d person_in(const cv::Rect& window, double scale) {
  const double w = window.width * kWidthOfPerson, h = window.height * kHeightOfPerson;
  const double x = window.x + (window.width - w) / 2, y = window.y + (window.height - h) / 2;
  return {x * scale, y * scale, w * scale, h * scale};
}

class Hog final : public Detector {
 public:
  explicit Hog(const DetectorOptions& options)
      : point_(options.confidence >= 0 ? options.confidence : kOperatingPoint),
        least_(options.low_scores ? std::min(kLowScore, point_) : point_),
        nms_(options.nms) {
    hog_.setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector());
  }

  std::string name() const override { return "hog"; }
  double operating_point() const override { return point_; }

  std::vector<Detection> detect(const sdk::PictureRef& view) override {
    if (view.empty()) return {};
    const cv::Mat bgr = view.bgr();
    const double shrink = std::max(1.0, double(std::max(bgr.cols, bgr.rows)) / kLargestSide);
    cv::Mat picture = bgr;
    if (shrink > 1) cv::resize(bgr, picture, {}, 1 / shrink, 1 / shrink, cv::INTER_AREA);
    if (picture.cols < hog_.winSize.width || picture.rows < hog_.winSize.height) return {};
    std::vector<cv::Rect> windows;
    std::vector<double> margins;
    const double hit = margin_of(std::clamp(least_, 1e-3, 1 - 1e-3));
    hog_.detectMultiScale(picture, windows, margins, hit, {8, 8}, {0, 0}, 1.05, 0);
    return best_of(windows, margins, shrink, {0, 0, double(bgr.cols), double(bgr.rows)});
  }

 private:
  std::vector<Detection> best_of(const std::vector<cv::Rect>& windows, const std::vector<double>& margins, double scale,
                                 const cv::Rect2d& frame) const {
    std::vector<Detection> boxes;
    for (std::size_t i = 0; i < windows.size() && i < margins.size(); ++i) {
      boxes.push_back({person_in(windows[i], scale) & frame, score_of(margins[i])});
    }
    return suppress(std::move(boxes), nms_);
  }

  const double point_, least_, nms_;
  cv::HOGDescriptor hog_;
};

}  // namespace

std::unique_ptr<Detector> make_hog(const DetectorOptions& options) { return std::make_unique<Hog>(options); }

}  // namespace lynceus::people
