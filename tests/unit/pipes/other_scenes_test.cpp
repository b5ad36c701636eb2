// Pictures drawn here, by other rules than pipeline/scenes: other palettes, bars without a frame on a ground of their
// own end's colour, other letters, soft edges, cosine profiles, blobs of several shapes.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "pipeline/picture/picture_io.h"
#include "plugins/pipes/bar_finder.h"
#include "plugins/pipes/label_reader.h"
#include "tests/support/catch.h"
#include "tests/unit/pipes/watched_pipe.h"

using namespace lynceus;
using test::WatchedPipe;

namespace {

constexpr double kLow = 12.4, kHigh = 58.6;

enum class Fault { none, patch, bare };

struct Drawing {
  int colours = cv::COLORMAP_INFERNO;
  cv::Size size{640, 480};
  double tilt_deg = 12, half_px = 45, soft_px = 2;
  double bare_share = 0.66, bare_celsius = 52;
  Fault fault = Fault::none;
  bool strip = true;  ///< a dark strip under the bar
  int ground = 0, font = cv::FONT_HERSHEY_SIMPLEX, quality = 75;
};

/// Celsius: a cylinder that is cooler towards its sides, on a wall with a slope; a lamp beside it.
cv::Mat field_of(const Drawing& d) {
  cv::Mat out(d.size, CV_32F);
  const double angle = d.tilt_deg * CV_PI / 180, cx = d.size.width * 0.45, cy = d.size.height * 0.5;
  for (int y = 0; y < d.size.height; ++y) {
    for (int x = 0; x < d.size.width; ++x) {
      const double u = (x - cx) * std::cos(angle) + (y - cy) * std::sin(angle);
      const double v = (y - cy) * std::cos(angle) - (x - cx) * std::sin(angle);
      const double wall = 18 + 2.0 * x / d.size.width;
      const bool bare = d.fault == Fault::bare && std::abs(u) < 0.14 * d.size.width;
      const double half = bare ? d.bare_share * d.half_px : d.half_px, top = bare ? d.bare_celsius : 31;
      const double inside = std::clamp((half - std::abs(v)) / d.soft_px + 0.5, 0.0, 1.0);
      const double round = 0.7 + 0.3 * std::sqrt(std::max(0.0, 1 - v * v / (half * half)));
      double t = wall + inside * (top - wall) * round;
      const double pu = u - 40, pv = v - 0.15 * d.half_px;
      if (d.fault == Fault::patch) t += 14 * std::exp(-(pu * pu + 2 * pv * pv) / (0.18 * d.half_px * d.half_px));
      const double lamp = std::hypot(x - 0.2 * d.size.width, y - 0.9 * d.size.height);
      out.at<float>(y, x) = static_cast<float>(lamp < 9 ? 55 : t);
    }
  }
  cv::Mat noise(d.size, CV_32F);
  cv::RNG random(8);
  random.fill(noise, cv::RNG::NORMAL, 0, 0.15);
  return out + noise;
}

void write(cv::Mat& picture, double value, const cv::Rect& bar, bool below, const Drawing& d) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", value);
  const double scale = d.size.height / 480.0 * 0.6;
  int base = 0;
  const cv::Size size = cv::getTextSize(text, d.font, scale, 1, &base);
  const int x = std::clamp(bar.x + bar.width / 2 - size.width / 2, 2, d.size.width - size.width - 2);
  cv::putText(picture, text, {x, below ? bar.br().y + size.height + 8 : bar.y - 8}, d.font, scale, cv::Scalar::all(255),
              1, cv::LINE_AA);
}

struct Drawn {
  cv::Mat picture;
  cv::Rect bar;
};

Drawn draw(const Drawing& d) {
  cv::Mat levels, picture, ramp(256, 1, CV_8U);
  field_of(d).convertTo(levels, CV_8U, 255 / (kHigh - kLow), -kLow * 255 / (kHigh - kLow));
  cv::applyColorMap(levels, picture, d.colours);
  const int w = d.size.width, h = d.size.height;
  const cv::Rect bar(w - w / 12, h / 6, w / 40, 2 * h / 3);
  if (d.strip) picture.colRange(w - w / 7, w).setTo(cv::Scalar::all(d.ground));
  for (int i = 0; i < 256; ++i) ramp.at<uchar>(i) = static_cast<uchar>(255 - i);
  cv::applyColorMap(ramp, ramp, d.colours);
  cv::resize(ramp, ramp, bar.size(), 0, 0, cv::INTER_LINEAR);
  ramp.copyTo(picture(bar));
  write(picture, kHigh, bar, false, d);
  write(picture, kLow, bar, true, d);
  return {picture::decode(picture::encode_jpeg(picture, d.quality), "drawn").pixels, bar};
}

}  // namespace

TEST_CASE("a bar whose end has the colour of its ground ends where it ends, and its labels are read") {
  for (const int colours : {cv::COLORMAP_HOT, cv::COLORMAP_INFERNO, cv::COLORMAP_BONE, cv::COLORMAP_JET}) {
    for (const int ground : {0, 30}) {
      Drawing d;
      d.colours = colours, d.ground = ground;
      const Drawn drawn = draw(d);
      CAPTURE(colours, ground);
      const auto found = pipes::find_bar(drawn.picture);
      REQUIRE(found);
      REQUIRE(std::abs(found->bar.y - drawn.bar.y) <= 6);
      REQUIRE(std::abs(found->bar.br().y - drawn.bar.br().y) <= 6);
      const auto read = pipes::read_labels(drawn.picture, *found);
      REQUIRE(read.low);
      REQUIRE(read.high);
      REQUIRE(read.low->value == Approx(kLow));
      REQUIRE(read.high->value == Approx(kHigh));
    }
  }
}

TEST_CASE("diagnoses of pictures by other rules, everything read off the picture") {
  const std::pair<Fault, const char*> kCases[] = {
      {Fault::none, "normal"}, {Fault::patch, "insulation_damaged"}, {Fault::bare, "insulation_missing"}};
  for (const auto& [fault, name] : kCases) {
    for (const int colours : {cv::COLORMAP_INFERNO, cv::COLORMAP_JET, cv::COLORMAP_HOT}) {
      Drawing d;
      d.fault = fault, d.colours = colours;
      CAPTURE(name, colours);
      WatchedPipe wide;
      REQUIRE(wide.show_picture(draw(d).picture) == name);
      d.size = {960, 600}, d.half_px = 70, d.tilt_deg = -20, d.font = cv::FONT_HERSHEY_DUPLEX;
      WatchedPipe tilted;
      REQUIRE(tilted.show_picture(draw(d).picture) == name);
    }
  }
}

TEST_CASE("the soft edge of a thin bare section far hotter than the pipe does not make it look as wide") {
  for (const double half : {18.0, 24.0}) {
    Drawing d;
    d.bare_share = 0.72, d.bare_celsius = 75;
    d.half_px = half, d.soft_px = 6, d.fault = Fault::bare, d.tilt_deg = 8;
    CAPTURE(half);
    WatchedPipe pipe;
    REQUIRE(pipe.show_still(field_of(d)) == "insulation_missing");
    d.fault = Fault::none;
    WatchedPipe good;
    REQUIRE(good.show_still(field_of(d)) == "normal");
  }
}
