#include "plugins/people/detect/network.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "plugins/people/detect/suppress.h"
#include "plugins/sdk/model_path.h"

namespace lynceus::people {
namespace {

constexpr double kLowScore = 0.1;  // what a tracker's second round still looks at
constexpr int kLeastInput = 64, kLargestInput = 2048;

bool is_open(const std::vector<int>& shape) { return shape.size() != 3 || shape[1] < 1 || shape[2] < 1; }

/// The weights' cfg lies beside them under the same name.
sdk::ModelFile file_of(const Family& family, const DetectorOptions& options) {
  const std::string path = options.model.empty() ? sdk::model_path(options.model_dirs, family.file) : options.model;
  const bool darknet = family.name == "darknet";
  if (!darknet) return {path, ""};
  const std::string_view ending = ".weights";
  if (!path.ends_with(ending)) throw std::runtime_error(path + ": a Darknet model is named by its .weights file");
  return {path, path.substr(0, path.size() - ending.size()) + ".cfg"};
}

std::string words(cv::Size size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

class Network final : public Detector {
 public:
  Network(const Family& family, const DetectorOptions& options, sdk::Inference& inference)
      : family_(family),
        inference_(inference),
        point_(options.confidence >= 0 ? options.confidence : family.operating_point),
        least_(options.low_scores ? std::min(kLowScore, point_) : point_),
        nms_(options.nms) {
    const sdk::ModelFile file = file_of(family, options);
    model_ = inference.load(file);
    choose_input(file.path, options.input);
    try {
      look(cv::Mat(side_, side_, CV_8UC3, cv::Scalar::all(114)), input({side_, side_}));
    } catch (const std::exception& error) {
      throw std::runtime_error(file.path + ": " + error.what());
    }
  }

  std::string name() const override { return std::string(family_.name); }
  double operating_point() const override { return point_; }
  cv::Size seen(cv::Size frame) const override { return seen_on(frame, input(frame), family_.fit); }
  // OpenCV runs Darknet's networks at any size.
  cv::Size page() const override { return family_.name == "darknet" ? cv::Size() : fixed_; }

  std::vector<Detection> detect(const sdk::PictureRef& picture) override {
    return picture.empty() ? std::vector<Detection>{} : look(picture, input(picture.size()));
  }

  std::vector<Detection> detect_page(const sdk::PictureRef& picture, const CropPlan& plan) override {
    cv::Mat tensor = tensor_of(plan.page);
    sdk::fill_input(tensor, kGrey, family_.pixels);
    for (const Crop& crop : plan.crops) sdk::draw_input(picture(crop.part), crop.at, family_.pixels, tensor);
    return found_in(tensor, Page(plan.page, plan.page, family_.fit));
  }

 private:
  cv::Size input(cv::Size frame) const { return fixed_.empty() ? shaped_input(frame, side_) : fixed_; }

  cv::Mat tensor_of(cv::Size size) { return inference_.input(model_, {1, 3, size.height, size.width}); }

  std::vector<Detection> look(const sdk::PictureRef& picture, cv::Size size) {
    const Page page(picture.size(), size, family_.fit);
    cv::Mat tensor = tensor_of(size);
    page.draw(picture, family_.pixels, tensor);
    return found_in(tensor, page);
  }

  std::vector<Detection> found_in(const cv::Mat& tensor, const Page& page) {
    const cv::Size size(tensor.size[3], tensor.size[2]);
    const std::vector<cv::Mat> outputs = inference_.infer(model_, {tensor});
    std::vector<Detection> boxes;
    for (const Detection& found : family_.decode(outputs, size, least_)) {
      const cv::Rect2d box = page.back(found.box);
      if (!box.empty()) boxes.push_back({box, std::clamp(found.score, 0.0, 1.0)});
    }
    return suppress(std::move(boxes), nms_);
  }

  /// Most files are made for one size. Where it is open, the project's own network takes the shape of the picture.
  void choose_input(const std::string& path, int asked) {
    const auto shapes = inference_.input_shapes(model_);
    side_ = asked > 0 ? asked : family_.input;
    if (side_ < kLeastInput || side_ > kLargestInput || side_ % 32 != 0) {
      throw std::runtime_error("input must be a multiple of 32 from " + std::to_string(kLeastInput) + " to " +
                               std::to_string(kLargestInput));
    }
    const bool open = shapes.empty() || is_open(shapes.front());
    if (family_.name != "own" || !open) fixed_ = {side_, side_};
    if (open || (asked > 0 && family_.name == "darknet")) return;  // a cfg's size is a proposal
    fixed_ = {shapes.front()[2], shapes.front()[1]};
    if (asked > 0 && fixed_ != cv::Size(asked, asked)) {
      throw std::runtime_error(path + ": made for an input of " + words(fixed_) + ", not " + words({asked, asked}));
    }
  }

  const Family& family_;
  sdk::Inference& inference_;
  const double point_, least_, nms_;
  sdk::Inference::Model model_ = 0;
  int side_ = 0;
  cv::Size fixed_;  // empty: the network takes any
};

}  // namespace

std::unique_ptr<Detector> make_network(const Family& family, const DetectorOptions& options,
                                       sdk::Inference& inference) {
  return std::make_unique<Network>(family, options, inference);
}

}  // namespace lynceus::people
