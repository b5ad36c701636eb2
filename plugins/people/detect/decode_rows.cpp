// Networks that answer one row a box: Darknet, YOLOX, YOLOv5, YOLOv8.
#include <array>
#include <cmath>

#include "plugins/people/detect/decode.h"
#include "plugins/people/detect/rows.h"

namespace lynceus::people {
namespace {

constexpr std::array kStrides{8, 16, 32};

void add(std::vector<Detection>& out, const cv::Rect2d& box, float score) {
  if (sound(box)) out.push_back({box, double(score)});
}

}  // namespace

std::vector<Detection> decode_darknet(Outputs outputs, cv::Size input, double least) {
  constexpr const char* kFamily = "a Darknet detector";
  if (outputs.empty()) not_of(kFamily);
  std::vector<Detection> out;
  for (const cv::Mat& head : outputs) {
    const cv::Mat rows = rows_of(head, kFamily);
    if (rows.cols < 6) not_of(kFamily);
    for (int y = 0; y < rows.rows; ++y) {
      const auto r = row(rows, y);
      if (!(r[5] >= float(least)) || !first_is_best(r.subspan(5))) continue;
      add(out, around(r[0] * input.width, r[1] * input.height, r[2] * input.width, r[3] * input.height), r[5]);
    }
  }
  return out;
}

std::vector<Detection> decode_yolox(Outputs outputs, cv::Size input, double least) {
  constexpr const char* kFamily = "a YOLOX detector";
  if (outputs.size() != 1) not_of(kFamily);
  const cv::Mat rows = rows_of(outputs[0], kFamily);
  int cells = 0;
  for (const int stride : kStrides) cells += (input.width / stride) * (input.height / stride);
  if (rows.cols < 6 || rows.rows != cells) not_of(kFamily);
  std::vector<Detection> out;
  int y = 0;
  for (const int stride : kStrides) {
    const int across = input.width / stride, count = across * (input.height / stride);
    for (int cell = 0; cell < count; ++cell, ++y) {
      const auto r = row(rows, y);
      const float score = r[4] * r[5];
      if (!(score >= float(least)) || !first_is_best(r.subspan(5))) continue;
      const double x = (r[0] + cell % across) * stride, middle = (r[1] + cell / across) * stride;
      add(out, around(x, middle, std::exp(double(r[2])) * stride, std::exp(double(r[3])) * stride), score);
    }
  }
  return out;
}

std::vector<Detection> decode_yolo(Outputs outputs, cv::Size, double least) {
  constexpr const char* kFamily = "a YOLOv5 or YOLOv8 detector";
  if (outputs.size() != 1) not_of(kFamily);
  cv::Mat rows = rows_of(outputs[0], kFamily);
  const bool objectness = rows.cols < rows.rows;  // YOLOv5 has it and lists boxes as rows; YOLOv8 has neither
  if (!objectness) rows = rows.t();
  if (rows.cols < (objectness ? 6 : 5)) not_of(kFamily);
  std::vector<Detection> out;
  for (int y = 0; y < rows.rows; ++y) {
    const auto r = row(rows, y);
    const auto classes = r.subspan(objectness ? 5 : 4);
    const float score = objectness ? r[4] * classes[0] : classes[0];
    if (!(score >= float(least)) || !first_is_best(classes)) continue;
    add(out, around(r[0], r[1], r[2], r[3]), score);
  }
  return out;
}

}  // namespace lynceus::people
