#include "tools/infer_bench/input_bench.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "pipeline/infer/engine.h"
#include "pipeline/ingest/colour.h"
#include "plugins/people/detect/page.h"
#include "tools/infer_bench/measure.h"

namespace lynceus::tools {
namespace {

constexpr int kPictures = 4;

double cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

/// A picture as a decoder hands it on.
class Decoded final : public sdk::Frame {
 public:
  explicit Decoded(const cv::Mat& bgr) {
    cv::cvtColor(bgr, memory_, cv::COLOR_BGR2YUV_I420);
    luma_ = memory_.rowRange(0, bgr.rows);
    const std::ptrdiff_t w = bgr.cols, half = w / 2;
    const std::uint8_t* u = memory_.ptr(bgr.rows);
    planes_ = {bgr.size(),
               {memory_.data, w, 1, 0, 0},
               {u, half, 1, 1, 1},
               {u + half * (bgr.rows / 2), half, 1, 1, 1},
               sdk::Colour::bt601(false)};
  }
  const std::string& camera() const override { return id_; }
  std::uint64_t sequence() const override { return 0; }
  std::chrono::steady_clock::time_point captured() const override { return {}; }
  std::chrono::system_clock::time_point captured_wall() const override { return {}; }
  cv::Size size() const override { return planes_.size; }
  const cv::Mat& luma() const override { return luma_; }
  const cv::Mat& bgr() const override {
    made_ = ingest::bgr_of({planes_.size, planes_.y, planes_.u, planes_.v}, planes_.colour);
    return made_;
  }
  const sdk::Planes* planes() const override { return &planes_; }
  const sdk::Radiometric* radiometric() const override { return nullptr; }
  bool monochrome() const override { return false; }

 private:
  const std::string id_ = "bench";
  cv::Mat memory_, luma_;
  mutable cv::Mat made_;
  sdk::Planes planes_;
};

cv::Mat by_steps(const sdk::Frame& frame, const BenchModel& model) {
  const cv::Size at = people::seen_on(frame.size(), model.input, model.fit());
  const cv::Mat& bgr = frame.bgr();
  const bool far = at.width * 2 <= bgr.cols && at.height * 2 <= bgr.rows;
  cv::Mat page(model.input, CV_8UC3, cv::Scalar::all(people::kGrey)), fitted;
  cv::resize(bgr, fitted, at, 0, 0, far ? cv::INTER_AREA : cv::INTER_LINEAR);
  fitted.copyTo(page({{0, 0}, at}));
  const people::Pixels pixels = model.pixels();
  const cv::Scalar mean = pixels.rgb ? cv::Scalar(pixels.mean[2], pixels.mean[1], pixels.mean[0]) : pixels.mean;
  cv::Mat blob = cv::dnn::blobFromImage(page, 1, {}, mean, pixels.rgb);
  for (int c = 0; c < 3; ++c) {
    cv::Mat plane(model.input, CV_32F, blob.ptr<float>(0, c));
    plane *= pixels.scale[pixels.rgb ? 2 - c : c];
  }
  return blob;
}

void in_one(const sdk::Frame& frame, const BenchModel& model, cv::Mat& input) {
  people::Page(frame.size(), model.input, model.fit()).draw(frame, model.pixels(), input);
}

template <class Make>
double least_ms(double seconds, Make make) {
  const double end = cpu_ms() + seconds * 1e3;
  double least = std::numeric_limits<double>::infinity();
  for (double now = cpu_ms(); now < end || std::isinf(least);) {
    const double start = now;
    make();
    now = cpu_ms();
    least = std::min(least, now - start);
  }
  return least;
}

void compare_numbers(const BenchModel& model, const cv::Mat& steps, const cv::Mat& pass, InputRow& row) {
  const double scale = model.pixels().scale[0];
  double sum = 0;
  for (std::size_t i = 0; i < steps.total(); ++i) {
    const double levels = std::abs(double{steps.ptr<float>()[i]} - double{pass.ptr<float>()[i]}) / scale;
    sum += levels;
    row.most_levels = std::max(row.most_levels, levels);
  }
  row.mean_levels = std::max(row.mean_levels, sum / double(steps.total()));
}

}  // namespace

InputRow compare_inputs(const BenchModel& model, cv::Size picture, double seconds) {
  InputRow row;
  row.model = model.name;
  row.picture = picture;
  const auto net = infer::make_opencv_engine()->load(model.file, infer::Backend::cpu, 1);
  cv::Mat pass({1, 3, model.input.height, model.input.width}, CV_32F);
  BenchRow boxes;
  for (const cv::Mat& bgr : model.pictures(kPictures, picture)) {
    const Decoded frame(bgr);
    const cv::Mat steps = by_steps(frame, model);
    in_one(frame, model, pass);
    compare_numbers(model, steps, pass, row);
    if (model.family) compare_boxes(model, net->run({steps}), net->run({pass}), boxes);
  }
  row.boxes = boxes.boxes;
  row.least_iou = boxes.least_iou;
  row.most_apart = boxes.most_apart;
  const Decoded frame(model.pictures(1, picture).front());
  row.steps_ms = least_ms(seconds, [&] { by_steps(frame, model); });
  row.pass_ms = least_ms(seconds, [&] { in_one(frame, model, pass); });
  return row;
}

}  // namespace lynceus::tools
