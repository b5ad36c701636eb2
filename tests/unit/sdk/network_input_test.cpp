// What is drawn in one pass, beside the path of many steps: colours of the whole picture, resized, copied, made a blob.
#include "plugins/sdk/network_input.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

#include "pipeline/ingest/colour.h"
#include "pipeline/scenes/scene.h"
#include "tests/support/catch.h"
#include "tests/support/test_frame.h"

namespace lynceus::test {
namespace {

using sdk::Pixels;

enum class Layout { planar, interleaved, swapped, packed };

/// A frame that shows its planes; bgr() as the decoders' frames make it.
class PlanesFrame final : public sdk::Frame {
 public:
  PlanesFrame(const cv::Mat& picture, Layout layout, const sdk::Colour& colour) {
    cv::Mat i420;
    cv::cvtColor(picture, i420, cv::COLOR_BGR2YUV_I420);
    const int w = picture.cols, h = picture.rows, half = w / 2;
    luma_ = i420.rowRange(0, h).clone();
    const cv::Mat u(h / 2, half, CV_8U, i420.ptr(h)), v(h / 2, half, CV_8U, i420.ptr(h) + half * h / 2);
    const sdk::Plane luma{luma_.data, w, 1, 0, 0};
    if (layout == Layout::planar) {
      u_ = u.clone();
      v_ = v.clone();
      planes_ = {picture.size(), luma, {u_.data, half, 1, 1, 1}, {v_.data, half, 1, 1, 1}, colour};
      return;
    }
    if (layout == Layout::packed) {
      pack(u, v, colour);
      return;
    }
    const bool swapped = layout == Layout::swapped;
    const cv::Mat both[] = {swapped ? v : u, swapped ? u : v};
    cv::merge(both, 2, u_);
    const sdk::Plane first{u_.data, w, 2, 1, 1}, second{u_.data + 1, w, 2, 1, 1};
    planes_ = {picture.size(), luma, swapped ? second : first, swapped ? first : second, colour};
  }

  const std::string& camera() const override { return id_; }
  std::uint64_t sequence() const override { return 0; }
  MonoTime captured() const override { return {}; }
  WallTime captured_wall() const override { return {}; }
  cv::Size size() const override { return planes_.size; }
  const cv::Mat& luma() const override { return luma_; }
  const cv::Mat& bgr() const override {
    if (bgr_.empty()) bgr_ = ingest::bgr_of({planes_.size, planes_.y, planes_.u, planes_.v}, planes_.colour);
    return bgr_;
  }
  const sdk::Planes* planes() const override { return &planes_; }
  const sdk::Radiometric* radiometric() const override { return nullptr; }
  bool monochrome() const override { return false; }
  bool converted() const { return !bgr_.empty(); }

 private:
  /// Y U Y V, chroma halved across only.
  void pack(const cv::Mat& u, const cv::Mat& v, const sdk::Colour& colour) {
    u_.create(luma_.rows, 2 * luma_.cols, CV_8U);
    for (int y = 0; y < luma_.rows; ++y) {
      for (int x = 0; x < luma_.cols; ++x) {
        u_.at<uchar>(y, 2 * x) = luma_.at<uchar>(y, x);
        u_.at<uchar>(y, 2 * x + 1) = (x % 2 == 0 ? u : v).at<uchar>(y / 2, x / 2);
      }
    }
    const std::ptrdiff_t stride = u_.cols;
    planes_ = {luma_.size(),
               {u_.data, stride, 2, 0, 0},
               {u_.data + 1, stride, 4, 1, 0},
               {u_.data + 3, stride, 4, 1, 0},
               colour};
  }

  const std::string id_ = "test";
  cv::Mat luma_, u_, v_;
  mutable cv::Mat bgr_;  // tests use a frame from one thread
  sdk::Planes planes_;
};

cv::Mat lobby(cv::Size size) {
  scenes::SceneSettings settings;
  settings.scene = "lobby";
  settings.size = size;
  return scenes::make_scene(settings)->render(3.0).clone();
}

/// The path of many steps: as people's networks were fed before.
cv::Mat by_steps(const cv::Mat& bgr, cv::Size input, cv::Size at, const Pixels& pixels) {
  const bool far = at.width * 2 <= bgr.cols && at.height * 2 <= bgr.rows;
  cv::Mat fitted, page(input, CV_8UC3, cv::Scalar::all(114));
  cv::resize(bgr, fitted, at, 0, 0, far ? cv::INTER_AREA : cv::INTER_LINEAR);
  fitted.copyTo(page({{0, 0}, at}));
  const cv::Scalar mean = pixels.rgb ? cv::Scalar(pixels.mean[2], pixels.mean[1], pixels.mean[0]) : pixels.mean;
  return cv::dnn::blobFromImage(page, pixels.scale[0], {}, mean, pixels.rgb);
}

cv::Mat in_one(const sdk::PictureRef& picture, cv::Size input, cv::Size at, const Pixels& pixels) {
  cv::Mat tensor({1, 3, input.height, input.width}, CV_32F);
  sdk::fill_input(tensor, 114, pixels);
  sdk::draw_input(picture, {{0, 0}, at}, pixels, tensor);
  return tensor;
}

struct Apart {
  double most = 0, mean = 0, beyond_one = 0;  // levels; share of numbers more than a level apart
};

Apart apart(const cv::Mat& a, const cv::Mat& b, double scale) {
  Apart sum;
  for (std::size_t i = 0; i < a.total(); ++i) {
    const double levels = std::abs(double{a.ptr<float>()[i]} - double{b.ptr<float>()[i]}) / scale;
    sum.most = std::max(sum.most, levels);
    sum.mean += levels / double(a.total());
    sum.beyond_one += (levels > 1 ? 1.0 : 0.0) / double(a.total());
  }
  return sum;
}

const Pixels kUnit{{0, 0, 0}, cv::Scalar::all(1.0 / 255), false};

}  // namespace

TEST_CASE("a picture of 8UC3 gives the numbers of resizing it", "[sdk][input]") {
  const cv::Mat bgr = lobby({1280, 720});
  const Pixels rgb{{10, 20, 30}, cv::Scalar::all(0.5), true};
  for (const cv::Size at : {cv::Size(416, 234), cv::Size(320, 180), cv::Size(800, 450), cv::Size(1280, 720),
                            cv::Size(1600, 900), cv::Size(37, 19)}) {
    INFO(at);
    const cv::Size input(at.width, at.height + 22);
    REQUIRE(apart(by_steps(bgr, input, at, kUnit), in_one(bgr, input, at, kUnit), kUnit.scale[0]).most < 0.001);
    REQUIRE(apart(by_steps(bgr, input, at, rgb), in_one(bgr, input, at, rgb), rgb.scale[0]).most < 0.001);
  }
}

TEST_CASE("one pass over luma and chroma gives the numbers of converting and resizing", "[sdk][input]") {
  const cv::Mat picture = lobby({1280, 720});
  for (const Layout layout : {Layout::planar, Layout::interleaved, Layout::swapped, Layout::packed}) {
    for (const sdk::Colour& colour : {sdk::Colour::bt601(false), sdk::Colour::bt709(true)}) {
      const PlanesFrame frame(picture, layout, colour);
      for (const cv::Size at : {cv::Size(416, 234), cv::Size(800, 450)}) {
        INFO(static_cast<int>(layout) << " " << at);
        const cv::Mat one = in_one(frame, at, at, kUnit);
        REQUIRE_FALSE(frame.converted());
        const PlanesFrame other(picture, layout, colour);
        // Where a single pixel's colour is out of range the steps cut it before they average, one pass after.
        const Apart levels = apart(by_steps(other.bgr(), at, at, kUnit), one, kUnit.scale[0]);
        REQUIRE(levels.mean < 0.5);
        REQUIRE(levels.beyond_one < 0.02);
        REQUIRE(levels.most < 16);
      }
    }
  }
}

TEST_CASE("a part of a frame is drawn as that part alone, wherever it begins", "[sdk][input]") {
  const cv::Mat picture = lobby({640, 360});
  const PlanesFrame frame(picture, Layout::interleaved, sdk::Colour::bt709(false));
  const PlanesFrame same(picture, Layout::interleaved, sdk::Colour::bt709(false));
  for (const cv::Rect part :
       {cv::Rect(101, 53, 151, 201), cv::Rect(0, 0, 2, 2), cv::Rect(639, 359, 1, 1), cv::Rect(1, 1, 63, 31)}) {
    for (const cv::Size at : {cv::Size(64, 96), cv::Size(16, 16), cv::Size(1, 1)}) {
      INFO(part << " " << at);
      const cv::Mat steps = by_steps(same.bgr()(part), at, at, kUnit),
                    one = in_one(sdk::PictureRef(frame)(part), at, at, kUnit);
      REQUIRE(apart(steps, one, kUnit.scale[0]).most < 16);
      REQUIRE(apart(steps, one, kUnit.scale[0]).mean < 0.6);
    }
  }
  const sdk::PictureRef inner = sdk::PictureRef(frame)({100, 50, 200, 100})({10, 20, 500, 30});
  REQUIRE(inner.rect() == cv::Rect(110, 70, 190, 30));
}

TEST_CASE("what is beside the picture is grey, and what is drawn stays inside", "[sdk][input]") {
  const Pixels pixels{{1, 2, 3}, {1, 2, 4}, true};
  cv::Mat tensor({1, 3, 8, 8}, CV_32F);
  sdk::fill_input(tensor, 114, pixels);
  sdk::draw_input(cv::Mat(2, 2, CV_8UC3, cv::Scalar(11, 12, 13)), {2, 2, 4, 4}, pixels, tensor);
  REQUIRE(tensor.ptr<float>(0, 0)[0] == 444);  // red: (114 − 3) × 4
  REQUIRE(tensor.ptr<float>(0, 2)[0] == 113);
  REQUIRE(tensor.ptr<float>(0, 0, 2)[2] == 40);
  REQUIRE(tensor.ptr<float>(0, 1, 5)[5] == 20);
  REQUIRE(tensor.ptr<float>(0, 2, 5)[6] == 113);
  const cv::Mat picture(4, 4, CV_8UC3, cv::Scalar::all(9));
  CHECK_THROWS_AS(sdk::draw_input(picture, {5, 5, 4, 4}, pixels, tensor), std::invalid_argument);
  CHECK_THROWS_AS(sdk::draw_input(picture, {-1, 0, 4, 4}, pixels, tensor), std::invalid_argument);
  cv::Mat grey({1, 1, 8, 8}, CV_32F), bytes({1, 3, 8, 8}, CV_8U);
  CHECK_THROWS_AS(sdk::fill_input(grey, 114, pixels), std::invalid_argument);
  CHECK_THROWS_AS(sdk::fill_input(bytes, 114, pixels), std::invalid_argument);
  sdk::draw_input(cv::Mat(), {0, 0, 4, 4}, pixels, tensor);
}

TEST_CASE("sizes that divide by nothing: every pixel is a mean of what it covers", "[sdk][input]") {
  // An even picture stays even, so that weights make exactly one at every size.
  const cv::Mat even(211, 367, CV_8UC3, cv::Scalar(200, 100, 50));
  for (int side = 1; side < 80; side += 7) {
    const cv::Mat tensor = in_one(even, {side, side}, {side, side}, Pixels{});
    for (int c = 0; c < 3; ++c) {
      const float wanted[] = {200, 100, 50};
      const float* plane = tensor.ptr<float>(0, c);
      REQUIRE(std::all_of(plane, plane + side * side, [&](float value) { return value == wanted[c]; }));
    }
  }
}

}  // namespace lynceus::test
