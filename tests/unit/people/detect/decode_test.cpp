#include "plugins/people/detect/decode.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>

#include "plugins/people/detect/page.h"
#include "plugins/people/detect/suppress.h"
#include "tests/support/catch.h"
#include "tests/unit/people/detect/recorded.h"

namespace lynceus::test {
namespace {

using people::Detection;
using people::Fit;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

cv::Mat zeros(std::vector<int> dims) { return cv::Mat(dims, CV_32F, cv::Scalar(0)); }

void set(cv::Mat& tensor, int row, std::initializer_list<float> values) {
  std::copy(values.begin(), values.end(), tensor.ptr<float>(0, row));
}

void same(const std::vector<Detection>& found, const std::vector<Detection>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(people::overlap(found[i].box, expected[i].box) > 0.999);
    CHECK(std::abs(found[i].score - expected[i].score) < 1e-4);
  }
}

std::vector<Detection> in_picture(const std::vector<Detection>& boxes, const people::Page& page) {
  std::vector<Detection> out;
  for (const Detection& box : boxes) out.push_back({page.back(box.box), box.score});
  return people::suppress(out, 0.5);
}

void box_is(const Detection& found, double x, double y, double w, double h, double score) {
  CHECK(std::abs(found.box.x - x) < 1e-3);
  CHECK(std::abs(found.box.y - y) < 1e-3);
  CHECK(std::abs(found.box.width - w) < 1e-3);
  CHECK(std::abs(found.box.height - h) < 1e-3);
  CHECK(std::abs(found.score - score) < 1e-6);
}

template <class Decode>
std::string refusal(Decode decode, const std::vector<cv::Mat>& outputs) {
  try {
    decode(outputs, cv::Size(64, 64), 0.1);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("recorded YOLOX outputs mean what another reader says", "[people][decode]") {
  const Recorded real = recorded("yolox_nano.txt");
  const people::Page page(real.picture, real.input, Fit::letterbox);
  REQUIRE(!real.boxes.empty());
  same(in_picture(people::decode_yolox(real.outputs, real.input, 0.3), page), real.boxes);
}

TEST_CASE("recorded Darknet outputs mean what another reader says", "[people][decode]") {
  const Recorded real = recorded("yolo_fastest.txt");
  const people::Page page(real.picture, real.input, Fit::stretch);
  REQUIRE(!real.boxes.empty());
  same(in_picture(people::decode_darknet(real.outputs, real.input, 0.3), page), real.boxes);
}

TEST_CASE("YOLOX: offsets to cells, sizes as logarithms", "[people][decode]") {
  cv::Mat out = zeros({1, 64 + 16 + 4, 8});
  set(out, 64 + 6, {0.5F, 0.25F, 0, std::log(2.0F), 0.5F, 0.5F, 0.4F, 0});  // stride 16, cell (2, 1)
  set(out, 3, {0, 0, 0, 0, 0.9F, 0.5F, 0.6F, 0});                           // another class is likelier
  set(out, 4, {0, 0, kNan, 0, 0.9F, 0.9F, 0, 0});
  set(out, 5, {0, 0, 0, 200, 0.9F, 0.9F, 0, 0});   // e^200: finite, clipped later
  set(out, 6, {0, 0, 0, 1000, 0.9F, 0.9F, 0, 0});  // infinite
  const auto found = people::decode_yolox(std::vector{out}, {64, 64}, 0.25);
  REQUIRE(found.size() == 2);
  box_is(found[1], 40 - 8, 20 - 16, 16, 32, 0.25);
  CHECK(people::decode_yolox(std::vector{out}, {64, 64}, 0.26).size() == 1);
}

TEST_CASE("YOLOv5 and YOLOv8 heads", "[people][decode]") {
  cv::Mat five = zeros({1, 100, 7}), eight = zeros({1, 6, 100});
  set(five, 7, {50, 40, 20, 30, 0.5F, 0.8F, 0.1F});
  const float values[] = {50, 40, 20, 30, 0.4F, 0.1F};
  for (int i = 0; i < 6; ++i) eight.ptr<float>(0, i)[9] = values[i];
  for (const cv::Mat& out : {five, eight}) {
    const auto found = people::decode_yolo(std::vector{out}, {64, 64}, 0.3);
    REQUIRE(found.size() == 1);
    box_is(found[0], 40, 25, 20, 30, 0.4F);
  }
}

TEST_CASE("NanoDet: distributions of eight bins, strides in any order", "[people][decode]") {
  cv::Mat scores[] = {zeros({64, 3}), zeros({16, 3}), zeros({4, 3})};
  cv::Mat edges[] = {zeros({64, 32}), zeros({16, 32}), zeros({4, 32})};
  scores[1].at<float>(5, 0) = 0.6F;  // stride 16, cell (1, 1): centre (24, 24)
  const int bins[] = {1, 0, 2, 1};
  for (int i = 0; i < 4; ++i) edges[1].at<float>(5, i * 8 + bins[i]) = 60;  // all the weight in one bin
  const std::vector<cv::Mat> outputs{scores[0], edges[1], scores[2], edges[0], scores[1], edges[2]};
  const auto found = people::decode_nanodet(outputs, {64, 64}, 0.5);
  REQUIRE(found.size() == 1);
  box_is(found[0], 24 - 16, 24, 48, 16, 0.6F);

  cv::Mat plus = zeros({1, 64 + 16 + 4 + 1, 3 + 32});
  float* row = plus.ptr<float>(0, 64 + 5);
  row[0] = 0.6F;
  for (int i = 0; i < 4; ++i) row[3 + i * 8 + bins[i]] = 60;
  const auto again = people::decode_nanodet(std::vector{plus}, {64, 64}, 0.5);
  REQUIRE(again.size() == 1);
  box_is(again[0], 16 - 16, 16, 48, 16, 0.6F);
}

TEST_CASE("the project's own heads", "[people][decode]") {
  cv::Mat fine({1, 5, 8, 12}, CV_32F, cv::Scalar(-20)), coarse({1, 5, 4, 6}, CV_32F, cv::Scalar(-20));
  const float values[] = {0, std::log(1.0F), std::log(2.0F), std::log(0.5F), std::log(1.5F)};
  for (int i = 0; i < 5; ++i) coarse.ptr<float>(0, i)[2 * 6 + 3] = values[i];
  fine.ptr<float>(0, 0)[0] = 5;
  fine.ptr<float>(0, 1)[0] = kNan;
  const auto found = people::decode_own(std::vector{fine, coarse}, {96, 64}, 0.5);
  REQUIRE(found.size() == 1);
  box_is(found[0], 56 - 16, 40 - 32, 24, 56, 0.5);
  CHECK(people::decode_own(std::vector{fine, coarse}, {96, 64}, 0.51).empty());
}

TEST_CASE("tensors of another family are refused", "[people][decode]") {
  const std::vector<cv::Mat> odd[] = {{},
                                      {zeros({1, 84, 5})},
                                      {zeros({1, 84, 4}), zeros({1, 84, 4})},
                                      {zeros({2, 84, 85})},
                                      {cv::Mat(std::vector<int>{1, 84, 85}, CV_8U)},
                                      {zeros({1, 4, 8, 8})}};
  for (const auto& outputs : odd) {
    CHECK(refusal(people::decode_yolox, outputs) == "the model's outputs are not those of a YOLOX detector");
    CHECK(refusal(people::decode_nanodet, outputs) == "the model's outputs are not those of a NanoDet detector");
    CHECK(refusal(people::decode_darknet, outputs) == "the model's outputs are not those of a Darknet detector");
    CHECK(refusal(people::decode_own, outputs) == "the model's outputs are not those of the project's own detector");
  }
  CHECK(refusal(people::decode_yolo, {}) == "the model's outputs are not those of a YOLOv5 or YOLOv8 detector");
  CHECK(refusal(people::decode_yolo, {zeros({2, 84, 85})}) ==
        "the model's outputs are not those of a YOLOv5 or YOLOv8 detector");
}

TEST_CASE("suppression keeps at the limit and drops above it", "[people][decode]") {
  const Detection front{{100, 100, 100, 300}, 0.9}, beside{{105, 105, 100, 300}, 0.7}, partly{{150, 100, 60, 110}, 0.6},
      around{{60, 60, 160, 340}, 0.45};
  const auto kept = [&](double iou) {
    std::string names;
    for (const Detection& box : people::suppress({around, partly, front, beside}, iou)) {
      names += box.score == 0.9 ? 'F' : box.score == 0.7 ? 'D' : box.score == 0.6 ? 'G' : 'O';
    }
    return names;
  };
  CHECK(kept(0.1) == "F");
  CHECK(kept(0.5) == "FG");
  CHECK(kept(0.6) == "FGO");
  CHECK(kept(0.9) == "FDGO");
  const Detection left{{0, 0, 20, 10}, 0.9}, right{{10, 0, 20, 10}, 0.8};  // a third in common
  CHECK(people::suppress({left, right}, 1.0 / 3).size() == 2);
  CHECK(people::suppress({left, right}, 0.33).size() == 1);
  CHECK(people::suppress(std::vector<Detection>(5000, left), 0.5).size() == 1);
  CHECK(people::overlap({}, {}) == 0);
}

TEST_CASE("a page and the way back", "[people][decode]") {
  const cv::Mat frame(360, 640, CV_8UC3, cv::Scalar(10, 20, 30));
  const people::Page box(frame.size(), {416, 416}, Fit::letterbox);
  cv::Mat square({1, 3, 416, 416}, CV_32F);
  box.draw(frame, {}, square);
  for (int c = 0; c < 3; ++c) {
    CHECK(square.ptr<float>(0, c, 233)[415] == 10.0F * float(c + 1));
    CHECK(square.ptr<float>(0, c, 235)[0] == 114);
  }
  const cv::Rect2d back = box.back({65, 65, 130, 1000});
  CHECK(std::abs(back.x - 100) < 1e-9);
  CHECK(std::abs(back.y + back.height - 360) < 1e-9);
  CHECK(box.back({0, 300, 50, 50}).empty());

  const people::Page wide(frame.size(), {320, 320}, Fit::stretch);
  const cv::Rect2d half = wide.back({160, 160, 80, 80});
  CHECK(half == cv::Rect2d(320, 180, 160, 90));
  cv::Mat norm({1, 3, 320, 320}, CV_32F);
  wide.draw(frame, {{0, 0, 0}, {1.0 / 255, 1.0 / 255, 1.0 / 255}, true}, norm);
  CHECK(std::abs(*norm.ptr<float>(0, 0) - 30.0F / 255) < 1e-6F);
  wide.draw(frame, {{1, 2, 3}, {1, 2, 3}, false}, norm);
  CHECK(*norm.ptr<float>(0, 0) == 9);
  CHECK(*norm.ptr<float>(0, 1) == 36);
  CHECK(*norm.ptr<float>(0, 2) == 81);
}

TEST_CASE("the input takes the shape of the frame for the same work", "[people][decode]") {
  CHECK(people::shaped_input({1920, 1080}, 320) == cv::Size(416, 256));
  CHECK(people::shaped_input({1080, 1920}, 320) == cv::Size(256, 416));
  CHECK(people::shaped_input({500, 500}, 320) == cv::Size(320, 320));
  CHECK(people::shaped_input({640, 480}, 320) == cv::Size(352, 288));
  for (const cv::Size frame : {cv::Size(1, 4000), cv::Size(4000, 1), cv::Size(3, 2)}) {
    const cv::Size input = people::shaped_input(frame, 320);
    CHECK(input.width % 32 == 0);
    CHECK(input.height % 32 == 0);
    CHECK(input.area() > 0);
    CHECK(input.area() <= 320 * 320 * 1.05);
  }
}

}  // namespace lynceus::test
