#include "plugins/sdk/network_input.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

namespace lynceus::sdk {
namespace {

constexpr int kOne = 256;  // a weight of 1; of all taps of a pixel together
constexpr int kChannels = 3;

/// Which samples of a line make which pixels, and how much of each.
struct Axis {
  struct Taps {
    int first, count;  // from `begin` on
    std::size_t weights;
  };
  int begin = 0, end = 0;  // samples that are looked at at all
  std::vector<Taps> pixels;
  std::vector<std::uint16_t> weights;
};

/// What lies between the borders of pixels `first`, …, in shares of one pixel of the input.
struct Share {
  int first;
  std::array<double, 2> linear;  // of two neighbours
  double from, to;               // of an average
};

Share share_of(int index, int from, int to, bool average) {
  const double scale = double(from) / to;
  if (average) {
    const double begin = index * scale, end = std::min<double>(begin + scale, from);
    return {int(begin), {}, begin, end};
  }
  const double middle = std::clamp((index + 0.5) * scale - 0.5, 0.0, double(from - 1));
  const int first = std::min(int(middle), std::max(0, from - 2));
  const double second = from > 1 ? middle - first : 0;
  return {first, {1 - second, second}, 0, 0};
}

/// Adds the pixel's taps; samples are pixels shifted right, so that neighbours may be one sample.
void add_taps(Axis& axis, const Share& share, int offset, int length, int shift, bool average) {
  const int last =
      average ? std::max(share.first, int(std::ceil(share.to)) - 1) : std::min(share.first + 1, length - 1);
  const int first_sample = (offset + share.first) >> shift;
  Axis::Taps taps{first_sample, ((offset + last) >> shift) - first_sample + 1, axis.weights.size()};
  double done = 0;
  int told = 0;
  for (int sample = first_sample; sample < first_sample + taps.count; ++sample) {
    for (int x = std::max((sample << shift) - offset, share.first); x <= last && (offset + x) >> shift == sample; ++x) {
      done += average ? (std::min(x + 1.0, share.to) - std::max<double>(x, share.from)) / (share.to - share.from)
                      : share.linear[std::size_t(x - share.first)];
    }
    // Rounded as a running sum, so that the weights of a pixel make exactly one.
    const int now =
        sample + 1 == first_sample + taps.count ? kOne : std::clamp(int(std::lround(done * kOne)), told, kOne);
    axis.weights.push_back(std::uint16_t(now - told));
    told = now;
  }
  axis.pixels.push_back(taps);
}

Axis make_axis(int offset, int from, int to, int shift, bool average) {
  Axis axis;
  axis.pixels.reserve(std::size_t(to));
  for (int i = 0; i < to; ++i) add_taps(axis, share_of(i, from, to, average), offset, from, shift, average);
  axis.begin = axis.pixels.front().first;
  for (Axis::Taps& taps : axis.pixels) {
    axis.end = std::max(axis.end, taps.first + taps.count);
    taps.first -= axis.begin;
  }
  return axis;
}

/// Samples that lie beside each other in memory and are summed together: one plane, or all channels of a picture.
struct Strip {
  const std::uint8_t* data;
  std::ptrdiff_t stride;
  int step;
  int components;
  int offset[kChannels];  // bytes from `data` to the component's first sample
  int target[kChannels];
  Axis x, y;
};

Strip strip_of(const Plane& plane, const cv::Rect& part, cv::Size to, bool average) {
  Strip strip{plane.data, plane.stride, plane.step, 1, {}, {}, {}, {}};
  strip.x = make_axis(part.x, part.width, to.width, plane.shift_x, average);
  strip.y = make_axis(part.y, part.height, to.height, plane.shift_y, average);
  return strip;
}

bool same_raster(const Plane& a, const Plane& b) {
  return a.stride == b.stride && a.step == b.step && a.shift_x == b.shift_x && a.shift_y == b.shift_y;
}

std::vector<Strip> strips_of(const Planes& planes, const cv::Rect& part, cv::Size to, bool average) {
  std::vector<Strip> strips{strip_of(planes.y, part, to, average)};
  const Plane &u = planes.u, &v = planes.v;
  const std::uint8_t* first = std::min(u.data, v.data);
  const bool interleaved = same_raster(u, v) && u.step == 2 && std::max(u.data, v.data) == first + 1;
  for (const Plane& plane : {u, v}) {
    if (interleaved && strips.size() > 1) break;
    strips.push_back(strip_of(plane, part, to, average));
    strips.back().target[0] = int(strips.size()) - 1;
  }
  if (!interleaved) return strips;
  Strip& both = strips.back();
  both.data = first;
  both.components = 2;
  both.offset[0] = int(u.data - first);
  both.offset[1] = int(v.data - first);
  both.target[0] = 1;
  both.target[1] = 2;
  return strips;
}

void add_row(const std::uint8_t* row, std::uint16_t weight, std::size_t count, bool first, std::uint16_t* sums) {
  if (first) {
    for (std::size_t i = 0; i < count; ++i) sums[i] = std::uint16_t(weight * row[i]);
  } else {
    for (std::size_t i = 0; i < count; ++i) sums[i] = std::uint16_t(sums[i] + weight * row[i]);
  }
}

/// The rows that make one row of the input; 256 × 255 fits.
void sum_rows(const Strip& strip, int row, std::vector<std::uint16_t>& sums) {
  const Axis::Taps& taps = strip.y.pixels[std::size_t(row)];
  const std::size_t count =
      std::size_t(strip.x.end - strip.x.begin) * std::size_t(strip.step) - std::size_t(strip.step - strip.components);
  const std::uint8_t* from =
      strip.data + strip.stride * (strip.y.begin + taps.first) + std::ptrdiff_t{strip.step} * strip.x.begin;
  for (int i = 0; i < taps.count; ++i) {
    const std::uint16_t weight = strip.y.weights[taps.weights + std::size_t(i)];
    if (weight > 0 || i == 0) add_row(from + strip.stride * i, weight, count, i == 0, sums.data());
  }
}

void sum_columns(const Strip& strip, int component, const std::uint16_t* sums, float* out) {
  constexpr float kLevel = 1.0F / (kOne * kOne);
  const std::uint16_t* from = sums + strip.offset[component];
  for (const Axis::Taps& taps : strip.x.pixels) {
    const std::uint16_t* at = from + std::ptrdiff_t{taps.first} * strip.step;
    const std::uint16_t* weights = strip.x.weights.data() + taps.weights;
    int sum = 0;
    for (int i = 0; i < taps.count; ++i, at += strip.step) sum += *at * weights[i];
    *out++ = float(sum) * kLevel;
  }
}

float level(float value) { return std::min(std::max(value, 0.0F), 255.0F); }

/// Luma and chroma of one row to blue, green and red, in place.
void colour_row(const Colour& colour, int count, float* y, float* u, float* v) {
  const double luma = colour.full_range ? 1 : 255.0 / 219, chroma = colour.full_range ? 1 : 255.0 / 224;
  const double kg = 1 - colour.kr - colour.kb;
  const auto black = float(colour.full_range ? 0 : 16), yy = float(luma);
  const auto rv = float(chroma * 2 * (1 - colour.kr)), bu = float(chroma * 2 * (1 - colour.kb));
  const auto gu = float(-chroma * 2 * (1 - colour.kb) * colour.kb / kg);
  const auto gv = float(-chroma * 2 * (1 - colour.kr) * colour.kr / kg);
  for (int x = 0; x < count; ++x) {
    const float base = yy * (y[x] - black), cu = u[x] - 128, cv = v[x] - 128;
    y[x] = level(base + bu * cu);
    u[x] = level(base + gu * cu + gv * cv);
    v[x] = level(base + rv * cv);
  }
}

/// The input's plane of a channel, blue first.
float* plane_of(cv::Mat& input, int channel, const Pixels& pixels) {
  return input.ptr<float>(0, pixels.rgb ? kChannels - 1 - channel : channel);
}

void check(const cv::Mat& input, const cv::Rect& at) {
  const bool fits = input.dims == 4 && input.type() == CV_32F && input.isContinuous() && input.size[1] == kChannels &&
                    (at & cv::Rect(0, 0, input.size[3], input.size[2])) == at;
  if (!fits) throw std::invalid_argument("a network's input is planes of floats, and what is drawn lies inside");
}

/// A row of three channels, blue first, each `at.width` numbers.
void put_row(const float* rows, int row, const cv::Rect& at, const Pixels& pixels, cv::Mat& input) {
  for (int c = 0; c < kChannels; ++c) {
    const auto mean = float(pixels.mean[c]), scale = float(pixels.scale[c]);
    const float* from = rows + std::ptrdiff_t{c} * at.width;
    float* to = plane_of(input, c, pixels) + std::ptrdiff_t{input.size[3]} * (at.y + row) + at.x;
    for (int x = 0; x < at.width; ++x) to[x] = (from[x] - mean) * scale;
  }
}

void draw_planes(const Planes& planes, const cv::Rect& part, bool average, const cv::Rect& at, const Pixels& pixels,
                 cv::Mat& input) {
  const auto strips = strips_of(planes, part, at.size(), average);
  std::vector<std::uint16_t> sums;
  for (const Strip& strip : strips) {
    sums.resize(std::max(sums.size(), std::size_t(strip.x.end - strip.x.begin) * std::size_t(strip.step)));
  }
  const auto width = std::size_t(at.width);
  std::vector<float> rows(kChannels * width);
  for (int row = 0; row < at.height; ++row) {
    for (const Strip& strip : strips) {
      sum_rows(strip, row, sums);
      for (int c = 0; c < strip.components; ++c)
        sum_columns(strip, c, sums.data(), rows.data() + std::size_t(strip.target[c]) * width);
    }
    colour_row(planes.colour, at.width, rows.data(), rows.data() + width, rows.data() + 2 * width);
    put_row(rows.data(), row, at, pixels, input);
  }
}

/// A picture that has its colours already goes through OpenCV's resize: networks are made with its rounding, and some of
/// them mind.
void draw_bgr(const cv::Mat& bgr, bool average, const cv::Rect& at, const Pixels& pixels, cv::Mat& input) {
  cv::Mat seen = bgr;
  if (bgr.size() != at.size()) cv::resize(bgr, seen, at.size(), 0, 0, average ? cv::INTER_AREA : cv::INTER_LINEAR);
  std::vector<float> rows(std::size_t{kChannels} * std::size_t(at.width));
  for (int row = 0; row < at.height; ++row) {
    const std::uint8_t* from = seen.ptr(row);
    for (int i = 0; i < at.width * kChannels; ++i)
      rows[std::size_t(i % kChannels * at.width + i / kChannels)] = float(from[i]);
    put_row(rows.data(), row, at, pixels, input);
  }
}

}  // namespace

PictureRef PictureRef::operator()(const cv::Rect& part) const {
  PictureRef view = *this;
  view.part_ = (part + part_.tl()) & part_;
  return view;
}

void fill_input(cv::Mat& input, double grey, const Pixels& pixels) {
  check(input, {});
  const std::size_t count = std::size_t(input.size[2]) * std::size_t(input.size[3]);
  for (int c = 0; c < kChannels; ++c) {
    float* plane = plane_of(input, c, pixels);
    std::fill(plane, plane + count, float((grey - pixels.mean[c]) * pixels.scale[c]));
  }
}

void draw_input(const PictureRef& view, const cv::Rect& at, const Pixels& pixels, cv::Mat& input) {
  check(input, at);
  if (view.empty() || at.empty()) return;
  const bool average = at.width * 2 <= view.size().width && at.height * 2 <= view.size().height;
  if (view.planes()) {
    draw_planes(*view.planes(), view.rect(), average, at, pixels, input);
  } else {
    draw_bgr(view.bgr(), average, at, pixels, input);
  }
}

}  // namespace lynceus::sdk
