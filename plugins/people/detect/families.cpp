#include "plugins/people/detect/families.h"

#include <algorithm>
#include <iterator>

namespace lynceus::people {
namespace {

constexpr double kByte = 1.0 / 255;

const Pixels& raw_bytes() {
  static const Pixels pixels{};
  return pixels;
}

const Pixels& unit_bgr() {
  static const Pixels pixels{{0, 0, 0}, {kByte, kByte, kByte}, false};
  return pixels;
}

const Pixels& unit_rgb() {
  static const Pixels pixels{{0, 0, 0}, {kByte, kByte, kByte}, true};
  return pixels;
}

/// ImageNet's means and deviations, blue first.
const Pixels& imagenet() {
  static const Pixels pixels{{103.53, 116.28, 123.675}, {1 / 57.375, 1 / 57.12, 1 / 58.395}, false};
  return pixels;
}

}  // namespace

const Family* family_of(std::string_view name) {
  static const Family families[] = {
      {"own", "people.onnx", Fit::letterbox, 320, 0.45, unit_bgr(), decode_own},
      {"yolox", "yolox_nano.onnx", Fit::letterbox, 416, 0.35, raw_bytes(), decode_yolox},
      {"nanodet", "nanodet.onnx", Fit::letterbox, 320, 0.35, imagenet(), decode_nanodet},
      {"yolov8", "yolov8n.onnx", Fit::letterbox, 640, 0.35, unit_rgb(), decode_yolo},
      {"darknet", "yolo-fastest-1.1_body.weights", Fit::stretch, 320, 0.5, unit_rgb(), decode_darknet},
  };
  const auto* found = std::find_if(std::begin(families), std::end(families), [&](auto& f) { return f.name == name; });
  return found == std::end(families) ? nullptr : found;
}

}  // namespace lynceus::people
