// The Siamese network: geometry of crops and anchors, the comparison, and that all of it answers as PyTorch did
// (tests/unit/targets/data/siamese.bin, written by models/training/targets/siam/export.py).
#include "plugins/targets/siamese.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/targets/detector.h"
#include "plugins/targets/siamese_comparison.h"
#include "plugins/targets/siamese_refiners.h"
#include "tests/support/catch.h"
#include "tests/unit/targets/sky.h"

namespace lynceus::test {
namespace {

using namespace targets;

/// OpenCV's, at once and in this thread.
class DirectInference final : public sdk::Inference {
 public:
  Model load(const sdk::ModelFile& file) override {
    nets_.push_back(cv::dnn::readNetFromONNX(file.path));
    return Model(nets_.size()) - 1;
  }
  std::vector<cv::Mat> infer(Model model, const std::vector<cv::Mat>& inputs) override {
    cv::dnn::Net& net = nets_.at(std::size_t(model));
    net.setInput(inputs.at(0));
    return {net.forward().clone()};
  }

 private:
  std::vector<cv::dnn::Net> nets_;
};

/// Answers of the right shapes, and counts crops.
class CountingInference final : public sdk::Inference {
 public:
  int crops = 0;
  Model load(const sdk::ModelFile& file) override { return file.path.ends_with("head.onnx") ? 1 : 0; }
  std::vector<cv::Mat> infer(Model model, const std::vector<cv::Mat>&) override {
    crops += model == 0;
    return {model == 0 ? cv::Mat({1, 48, 20, 20}, CV_32F, cv::Scalar(0))
                       : cv::Mat({1, 30, 17, 17}, CV_32F, cv::Scalar(0))};
  }
};

/// Says nothing of a target, of whatever shape it is told.
class OddInference final : public sdk::Inference {
 public:
  std::vector<int> shape{1, 30, 17, 17};
  Model load(const sdk::ModelFile&) override { return 0; }
  std::vector<cv::Mat> infer(Model, const std::vector<cv::Mat>&) override {
    return {cv::Mat(shape, CV_32F, cv::Scalar(0))};
  }
};

std::string model(const char* name) { return std::string(LYNCEUS_MODELS) + "/" + name; }

/// What PyTorch was shown and said.
class Record {
 public:
  Record() {
    std::ifstream file(std::string(LYNCEUS_TARGETS_DATA) + "/siamese.bin", std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    for (cv::Mat& picture : pictures) picture = take({80, 96}, CV_8UC1);
    box = take({4}, CV_32F);
    answer = take({5}, CV_32F);
    crop = take({1, 2, 16, 16}, CV_32F);
    kernel = take({1, 8, 4, 4}, CV_32F);
    search = take({1, 8, 20, 20}, CV_32F);
    comparison = take({1, 12, 17, 17}, CV_32F);
    anchors = take({1, 30, 17, 17}, CV_32F);
    REQUIRE(at_ == bytes_.size());
  }

  cv::Mat pictures[2], box, answer, crop, kernel, search, comparison, anchors;
  cv::Rect2d first_box() const {
    const auto* v = box.ptr<float>();
    return {double(v[0] - v[2] / 2), double(v[1] - v[3] / 2), double(v[2]), double(v[3])};
  }

 private:
  cv::Mat take(const std::vector<int>& shape, int type) {
    cv::Mat out(int(shape.size()), shape.data(), type);
    const std::size_t size = out.total() * out.elemSize();
    REQUIRE(at_ + size <= bytes_.size());
    std::copy_n(bytes_.data() + at_, size, reinterpret_cast<char*>(out.data));
    at_ += size;
    return out;
  }

  std::vector<char> bytes_;
  std::size_t at_ = 0;
};

double apart(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a.reshape(1, 1), b.reshape(1, 1), cv::NORM_INF); }

/// Eight channels, evenly, of a 1×C×H×W tensor: what is recorded.
cv::Mat some(const cv::Mat& tensor) {
  cv::Mat out({1, 8, tensor.size[2], tensor.size[3]}, CV_32F);
  const std::size_t plane = std::size_t(tensor.size[2]) * std::size_t(tensor.size[3]);
  for (int i = 0; i < 8; ++i) std::copy_n(tensor.ptr<float>(0, i * (tensor.size[1] / 8)), plane, out.ptr<float>(0, i));
  return out;
}

}  // namespace

TEST_CASE("Codes of boxes go back and forth") {
  for (int shape = 0; shape < kAnchorShapes; ++shape) {
    const Anchor anchor = anchor_at(shape, 3, 11, {7, 4}), box{-12.5, 33, 41, 9.25};
    const Anchor back = decode(anchor, encode(anchor, box));
    REQUIRE(back.x == Approx(box.x));
    REQUIRE(back.y == Approx(box.y));
    REQUIRE(back.width == Approx(box.width));
    REQUIRE(back.height == Approx(box.height));
  }
}

TEST_CASE("Anchors lie eight pixels apart around the middle and shrink with targets under 6 pixels") {
  const Anchor square = anchor_at(2, 8, 8, {30, 30}), small = anchor_at(2, 0, 16, {3, 3});
  REQUIRE(square.x == 0);
  REQUIRE(square.width == Approx(64));
  REQUIRE(small.x == Approx(64));
  REQUIRE(small.y == Approx(-64));
  REQUIRE(small.width == Approx(64 * 6.0 / 12));
  REQUIRE(crop_side({3, 3}) == Approx(12));
  REQUIRE(crop_side({30, 30}) == Approx(60));
}

TEST_CASE("The comparison holds the sums that it stands for") {
  cv::Mat features({1, 4, kFeatureSide, kFeatureSide}, CV_32F), flat = features.reshape(1, 4);
  cv::randu(flat, -1, 1);
  const cv::Mat kernel = middle_of(features), map = compared(kernel, features);
  REQUIRE(map.size[1] == 6);
  REQUIRE(kernel.ptr<float>(0, 1)[0] == features.ptr<float>(0, 1)[8 * kFeatureSide + 8]);
  for (const cv::Point cell : {cv::Point(0, 0), cv::Point(16, 16), cv::Point(5, 11)}) {
    double sum = 0, difference = 0;
    for (int v = 0; v < 4; ++v) {
      for (int u = 0; u < 4; ++u) {
        const int at = (cell.y + v) * kFeatureSide + cell.x + u;
        sum += double(kernel.ptr<float>(0, 2)[v * 4 + u]) * double(features.ptr<float>(0, 2)[at]) / 16;
        difference += double(features.ptr<float>(0, 2)[at] - kernel.ptr<float>(0, 2)[v * 4 + u]) / 16;
      }
    }
    REQUIRE(double(map.ptr<float>(0, 2)[cell.y * kGridSide + cell.x]) == Approx(sum).margin(1e-5));
    REQUIRE(double(map.ptr<float>(0, 4)[cell.y * kGridSide + cell.x]) == Approx(difference).margin(1e-5));
  }
}

TEST_CASE("Of equal anchors the middle one is the best; numbers that are none are no proposal") {
  cv::Mat anchors({1, 30, 17, 17}, CV_32F, cv::Scalar(0));
  const cv::Rect2d around(40, 30, 20, 20);
  const Proposal best = best_proposal(anchors, around);
  REQUIRE(best.probability == Approx(0.5));
  REQUIRE(best.box.x + best.box.width / 2 == Approx(50));
  REQUIRE(best.box.width == Approx(64 * crop_side({20, 20}) / 127));
  anchors.setTo(std::numeric_limits<float>::quiet_NaN());
  REQUIRE(best_proposal(anchors, around).probability == 0);
}

TEST_CASE("Another network than the targets' is refused") {
  OddInference inference;
  REQUIRE_THROWS_AS(SiameseNetwork(inference, "a", "b"), std::runtime_error);
  inference.shape = {1, 48, 20, 20};
  REQUIRE_THROWS_AS(SiameseNetwork(inference, "a", "b"), std::runtime_error);
}

TEST_CASE("The comparison and the network answer as in PyTorch") {
  const Record record;
  REQUIRE(apart(compared(record.kernel, record.search), record.comparison) < 1e-4);

  DirectInference inference;
  SiameseNetwork network(inference, model("targets_backbone.onnx"), model("targets_head.onnx"));
  Detector detector({});
  const Detected first = detector.filter(record.pictures[0]);
  const cv::Mat picture8 = first.picture8.clone(), residual8 = first.residual8.clone();
  const SiameseView view{picture8, residual8};
  const cv::Rect2d box = record.first_box();
  const SiameseScales scales(view, box);
  const cv::Mat kernel = middle_of(network.features(siamese_crop(view, box, scales)));
  REQUIRE(apart(some(kernel), record.kernel) < 2e-2);

  const Detected& next = detector.filter(record.pictures[1]);
  const SiameseView later{next.picture8, next.residual8};
  const cv::Mat crop = siamese_crop(later, box, scales);
  for (int channel = 0; channel < 2; ++channel) {
    for (int y = 0; y < 16; ++y) {
      for (int x = 0; x < 16; ++x) {
        const float ours = crop.ptr<float>(0, channel)[8 * y * kCropSide + 8 * x];
        REQUIRE(std::abs(ours - record.crop.ptr<float>(0, channel)[16 * y + x]) < 0.02F);
      }
    }
  }
  const cv::Mat search = network.features(crop);
  REQUIRE(apart(some(search), record.search) < 2e-2);
  REQUIRE(apart(network.anchors(compared(kernel, search)), record.anchors) < 0.05);

  const Proposal found = best_proposal(record.anchors, box);
  const auto* answer = record.answer.ptr<float>();
  REQUIRE(found.probability == Approx(double(answer[0])).margin(1e-4));
  REQUIRE(found.box.x + found.box.width / 2 == Approx(double(answer[1])).margin(1e-3));
  REQUIRE(found.box.y + found.box.height / 2 == Approx(double(answer[2])).margin(1e-3));
}

TEST_CASE("The network finds a point where it went, not where none is") {
  DirectInference inference;
  SiameseNetwork network(inference, model("targets_backbone.onnx"), model("targets_head.onnx"));
  const auto sky = [](cv::Point2d at, std::uint64_t seed) {
    cv::Mat picture = smooth_sky({160, 120});
    add_point(picture, at, 70, 1.4);
    return to_8bit(with_noise(picture, 1.5, seed));
  };
  Detector detector({});
  const Detected first = detector.filter(sky({60, 50}, 1));
  SiameseTemplate looks(network, {first.picture8, first.residual8}, {57.5, 47.5, 6, 6});
  Detector other({});
  const Detected& next = other.filter(sky({64, 47}, 2));
  const Proposal found = looks.find({next.picture8, next.residual8}, {57.5, 47.5, 6, 6});
  REQUIRE(found.probability > 0.5);
  REQUIRE(cv::norm((found.box.tl() + found.box.br()) * 0.5 - cv::Point2d(64.5, 47.5)) < 2);
  const Proposal away = looks.find({next.picture8, next.residual8}, {117.5, 97.5, 6, 6});
  REQUIRE(away.probability < found.probability);
  const cv::Mat empty(60, 60, CV_8UC1, cv::Scalar(0));
  for (const cv::Rect2d& odd : {cv::Rect2d(-500, -500, 3, 3), cv::Rect2d(20, 20, 1e5, 1), cv::Rect2d(0, 0, 1, 1)}) {
    REQUIRE(std::isfinite(looks.find({empty, empty}, odd).probability));
  }
}

TEST_CASE("The refiners look at one target a frame, in turn, and at lost ones not at all") {
  CountingInference inference;
  SiameseRefiners refiners(inference, "backbone.onnx", "head.onnx");
  Detected seen;
  seen.picture8 = cv::Mat(120, 160, CV_8UC1, cv::Scalar(90));
  seen.residual8 = cv::Mat(120, 160, CV_8UC1, cv::Scalar(0));
  std::vector<Target> targets(3);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i].id = std::int64_t(i) + 1;
    targets[i].box = {20.0 + 40 * double(i), 50, 8, 6};
    targets[i].state = i == 2 ? TargetState::lost : TargetState::tracked;
  }
  inference.crops = 0;
  refiners.refine(seen, targets);
  REQUIRE(inference.crops == 2);  // a template, and what is said of the first box itself
  refiners.refine(seen, targets);
  REQUIRE(inference.crops == 4);
  for (int frame = 0; frame < 4; ++frame) refiners.refine(seen, targets);
  REQUIRE(inference.crops == 6);
  REQUIRE(targets[0].box.width == Approx(8));
  REQUIRE(targets[2].box == cv::Rect2d(100, 50, 8, 6));
  targets.resize(1);
  for (int frame = 0; frame < 4; ++frame) refiners.refine(seen, targets);
  REQUIRE(inference.crops == 7);  // every fourth frame
}

}  // namespace lynceus::test
