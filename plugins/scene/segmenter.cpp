#include "plugins/scene/segmenter.h"

#include <algorithm>
#include <opencv2/dnn/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace lynceus::scene {
namespace {

constexpr int kLeastSide = 32, kLargestSide = 2048;

[[noreturn]] void refuse(const std::string& why) {
  throw std::runtime_error(why + "; wanted is one output of 1xNxHxW logits, N 4 or 40");
}

std::string words(const cv::Mat& tensor) {
  std::string text;
  for (int i = 0; i < tensor.dims; ++i) text += (i ? "x" : "") + std::to_string(tensor.size[i]);
  return text;
}

/// The planes of a tensor 1×N×H×W.
Maps planes_of(const std::vector<cv::Mat>& outputs) {
  if (outputs.size() != 1) refuse("the network gives " + std::to_string(outputs.size()) + " outputs");
  const cv::Mat& tensor = outputs.front();
  const bool fits = tensor.dims == 4 && tensor.type() == CV_32F && tensor.size[0] == 1 &&
                    (tensor.size[1] == 4 || tensor.size[1] == 40) && std::min(tensor.size[2], tensor.size[3]) >= 2 &&
                    std::max(tensor.size[2], tensor.size[3]) <= kLargestSide;
  if (!fits) refuse("the network gives " + words(tensor));
  Maps planes;
  for (int i = 0; i < tensor.size[1]; ++i) {
    planes.emplace_back(tensor.size[2], tensor.size[3], CV_32F, const_cast<float*>(tensor.ptr<float>(0, i)));
  }
  return planes;
}

}  // namespace

Segmenter::Segmenter(const std::string& path, sdk::Inference& inference)
    : inference_(inference), model_(inference.load({path, ""})) {
  try {
    choose_input();
    take_fingerprint();
  } catch (const std::exception& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

void Segmenter::choose_input() {
  const auto shapes = inference_.input_shapes(model_);
  if (shapes.empty()) return;  // the file does not tell
  const std::vector<int>& shape = shapes.front();
  if (shapes.size() != 1 || shape.size() != 3 || (shape[0] != 3 && shape[0] != -1))
    throw std::runtime_error("the network's input is no picture of three channels");
  if (shape[1] < 1 || shape[2] < 1) return;  // open: any size
  input_ = {shape[2], shape[1]};
  if (std::min(shape[1], shape[2]) < kLeastSide || std::max(shape[1], shape[2]) > kLargestSide)
    throw std::runtime_error("the network's input is " + std::to_string(shape[2]) + "x" + std::to_string(shape[1]));
}

/// A slope of grey: every network answers something of its own.
void Segmenter::take_fingerprint() {
  cv::Mat slope(input_, CV_8UC3);
  for (int y = 0; y < slope.rows; ++y) slope.row(y).setTo(cv::Scalar::all(40 + 160.0 * y / slope.rows));
  const Maps maps = look(slope);
  classes_ = static_cast<int>(maps.size());
  for (std::size_t i = 0; i < maps.size(); ++i) {
    fingerprint_[i % 4] += static_cast<float>(cv::mean(maps[i])[0]);
  }
}

Maps Segmenter::look(const cv::Mat& bgr) {
  if (bgr.empty()) throw std::runtime_error("no picture");
  cv::Mat fitted = bgr;
  const bool far = bgr.cols >= 2 * input_.width && bgr.rows >= 2 * input_.height;  // bilinear would pass over pixels
  if (bgr.size() != input_) cv::resize(bgr, fitted, input_, 0, 0, far ? cv::INTER_AREA : cv::INTER_LINEAR);
  return probabilities(inference_.infer(model_, {cv::dnn::blobFromImage(fitted, 1.0 / 255)}));
}

/// Softmax. Numbers that are none would spoil votes and references for good.
Maps Segmenter::probabilities(const std::vector<cv::Mat>& outputs) const {
  const Maps logits = planes_of(outputs);
  cv::Mat greatest = logits.front().clone(), sum = cv::Mat::zeros(greatest.size(), CV_32F);
  for (const cv::Mat& plane : logits) {
    if (!cv::checkRange(plane, true, nullptr, -1e9, 1e9))
      throw std::runtime_error("the network gives numbers that are none");
    cv::max(greatest, plane, greatest);
  }
  Maps out;
  for (const cv::Mat& plane : logits) {
    cv::Mat raised = plane - greatest;
    cv::exp(raised, raised);
    sum += raised;
    out.push_back(raised);
  }
  for (cv::Mat& plane : out) plane /= sum;
  return out;
}

cv::Mat labels_of(const Maps& maps, cv::Size size) {
  cv::Mat labels = cv::Mat::zeros(size, CV_8U), best, plane;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    cv::resize(maps[i], plane, size, 0, 0, cv::INTER_LINEAR);
    if (i == 0) {
      best = plane.clone();
      continue;
    }
    labels.setTo(cv::Scalar(static_cast<double>(i)), plane > best);
    cv::max(best, plane, best);
  }
  return labels;
}

}  // namespace lynceus::scene
