#include "plugins/scene/segmentation_view.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "plugins/scene/classes.h"

namespace lynceus::scene {
namespace {

constexpr double kColour = 0.45;     // the rest is the picture
constexpr double kInLegend = 0.002;  // of the picture
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;

cv::Mat coloured(const cv::Mat& labels, int classes) {
  cv::Mat table = cv::Mat::zeros(1, 256, CV_8UC3), wide, out;
  for (int i = 0; i < classes; ++i) table.at<cv::Vec3b>(i) = class_colour(classes, i);
  cv::merge(std::vector<cv::Mat>(3, labels), wide);
  cv::LUT(wide, table, out);
  return out;
}

std::vector<int> classes_in(const cv::Mat& labels, int classes) {
  std::vector<int> out;
  for (int i = 0; i < classes; ++i) {
    if (cv::countNonZero(labels == i) > kInLegend * labels.total()) out.push_back(i);
  }
  return out;
}

void draw_legend(cv::Mat& picture, const std::vector<int>& shown, int classes) {
  const double scale = std::clamp(picture.rows / 900.0, 0.35, 1.0);
  const int row = cvRound(26 * scale), side = cvRound(16 * scale), margin = cvRound(8 * scale);
  int width = 0;
  for (const int i : shown) {
    width = std::max(width, cv::getTextSize(std::string(class_name(classes, i)), kFont, scale * 0.7, 1, nullptr).width);
  }
  const int rows = std::min(int(shown.size()), (picture.rows - 2 * margin) / row);
  const cv::Rect box =
      cv::Rect(margin, margin, width + side + 3 * margin, rows * row + margin) & cv::Rect({}, picture.size());
  if (rows < 1 || box.empty()) return;
  picture(box) = picture(box) * 0.35;
  for (int i = 0; i < rows; ++i) {
    const int index = shown[static_cast<std::size_t>(i)], top = box.y + margin / 2 + i * row;
    cv::rectangle(picture, {box.x + margin, top + (row - side) / 2, side, side},
                  cv::Scalar(class_colour(classes, index)), cv::FILLED);
    cv::putText(picture, std::string(class_name(classes, index)), {box.x + 2 * margin + side, top + row - row / 3},
                kFont, scale * 0.7, cv::Scalar::all(255), 1, cv::LINE_AA);
  }
}

}  // namespace

cv::Mat draw_segmentation(const cv::Mat& bgr, const cv::Mat& labels, int classes) {
  cv::Mat fitted = labels, out;
  if (labels.size() != bgr.size()) cv::resize(labels, fitted, bgr.size(), 0, 0, cv::INTER_NEAREST);
  cv::addWeighted(bgr, 1 - kColour, coloured(fitted, classes), kColour, 0, out);
  draw_legend(out, classes_in(fitted, classes), classes);
  return out;
}

}  // namespace lynceus::scene
