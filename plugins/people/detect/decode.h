// What networks answer -> boxes of people, in pixels of the network's input, unsuppressed. Pure functions of tensors.
//
// Only rows whose likeliest class is the first one ("person") and whose score reaches `least` come back. Numbers that
// are not finite make no box. All throw std::runtime_error when the tensors are not what such a network gives. Thread:
// any.
#pragma once

#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "plugins/people/detection.h"

namespace lynceus::people {

using Outputs = std::span<const cv::Mat>;

/// Darknet's YOLOv3 family as OpenCV gives it: rows of x, y, w, h (centre, 0..1), objectness, a score per class with
/// the objectness in it.
std::vector<Detection> decode_darknet(Outputs outputs, cv::Size input, double least);

/// YOLOX: 1×N×(5+classes), offsets to cells of the strides 8, 16, 32, sizes as logarithms.
std::vector<Detection> decode_yolox(Outputs outputs, cv::Size input, double least);

/// YOLOv5 (1×N×(5+classes)) and YOLOv8 (1×(4+classes)×N): x, y, w, h (centre) in pixels of the input.
std::vector<Detection> decode_yolo(Outputs outputs, cv::Size input, double least);

/// NanoDet: per stride a tensor of class scores and one of edges, 8 bins each; or both beside each other in one tensor.
std::vector<Detection> decode_nanodet(Outputs outputs, cv::Size input, double least);

/// The project's own network: per stride 1×5×H×W, the logit of "person" and the logarithms of the four edges in
/// strides.
std::vector<Detection> decode_own(Outputs outputs, cv::Size input, double least);

}  // namespace lynceus::people
