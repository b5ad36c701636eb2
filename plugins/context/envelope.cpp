#include "plugins/context/envelope.h"

#include <algorithm>
#include <cstdint>
#include <opencv2/imgproc.hpp>

namespace lynceus::context {
namespace {

constexpr int kBlock = 4, kReach = 3;  // so many blocks to each side

int blocks(int pixels) { return (pixels + kBlock - 1) / kBlock; }

/// Blocks that hold the part, `more` on each side.
cv::Rect blocks_around(const cv::Rect& rect, cv::Size picture, int more) {
  const cv::Point from(rect.x / kBlock - more, rect.y / kBlock - more);
  const cv::Point to(blocks(rect.br().x) + more, blocks(rect.br().y) + more);
  return cv::Rect(from, to) & cv::Rect(0, 0, blocks(picture.width), blocks(picture.height));
}

cv::Mat means(const cv::Mat& bgr, const cv::Rect& which) {
  const cv::Rect pixels = cv::Rect(which.tl() * kBlock, which.size() * kBlock) & cv::Rect({0, 0}, bgr.size());
  cv::Mat part = bgr(pixels), small, grey;
  const cv::Size whole = which.size() * kBlock;
  if (part.size() != whole) {
    cv::copyMakeBorder(part, part, 0, whole.height - part.rows, 0, whole.width - part.cols,
                       cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
  }
  cv::resize(part, small, which.size(), 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

Envelope around(const cv::Mat& grey) {
  const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {2 * kReach + 1, 2 * kReach + 1});
  Envelope out;
  out.mean = grey;
  cv::erode(grey, out.least, square);
  cv::dilate(grey, out.greatest, square);
  return out;
}

Envelope part_of(const Envelope& whole, const cv::Rect& which) {
  return {whole.mean(which), whole.least(which), whole.greatest(which)};
}

/// How far the things are over and under the range, in blocks; a thing is moved as a whole, as far as a window reaches.
class Excess {
 public:
  explicit Excess(cv::Size size) : over_(cv::Mat::zeros(size, CV_32F)), under_(over_.clone()), share_(over_.clone()) {}

  void add(cv::Point at, float share, float over, float under) {
    share_.at<float>(at) = share;
    over_.at<float>(at) = share * over;
    under_.at<float>(at) = share * under;
  }
  cv::Mat over() const { return spread(over_); }
  cv::Mat under() const { return spread(under_); }

 private:
  cv::Mat spread(const cv::Mat& sum) const {
    constexpr int kWindow = 9;
    cv::Mat wide, shares, out;
    cv::blur(sum, wide, {kWindow, kWindow});
    cv::blur(share_, shares, {kWindow, kWindow});
    cv::divide(wide, cv::max(shares, 1e-3), wide);
    wide.convertTo(out, CV_8U);
    return out;
  }

  cv::Mat over_, under_, share_;
};

/// Blocks to pixels; `rect` in pixels from the first block's corner.
cv::Mat enlarged(const cv::Mat& plane, const cv::Rect& rect) {
  cv::Mat out;
  cv::resize(plane, out, plane.size() * kBlock, 0, 0, cv::INTER_LINEAR);
  return out(rect);
}

}  // namespace

Envelope envelope_of(const cv::Mat& bgr) {
  return around(means(bgr, blocks_around({{0, 0}, bgr.size()}, bgr.size(), 0)));
}

Range range_of(const Envelope& day, const cv::Mat& night, const cv::Rect& rect, const cv::Mat& v,
               const cv::Mat& influence, const cv::Mat& things) {
  const cv::Rect wide = blocks_around(rect, night.size(), kReach), own = blocks_around(rect, night.size(), 0);
  const Envelope by_day = part_of(day, own), by_night = part_of(around(means(night, wide)), own - wide.tl());
  cv::Mat least, greatest;
  cv::min(by_night.least, by_day.least, least);
  cv::max(by_night.greatest, by_day.greatest, greatest);
  Excess excess(own.size());
  for (int row = 0; row < own.height; ++row) {
    const int y = std::clamp((own.y + row) * kBlock + kBlock / 2 - rect.y, 0, rect.height - 1);
    for (int column = 0; column < own.width; ++column) {
      const int x = std::clamp((own.x + column) * kBlock + kBlock / 2 - rect.x, 0, rect.width - 1);
      const std::uint8_t thing = things.at<std::uint8_t>(y, x);
      if (thing == 0) continue;
      const cv::Point at(column, row);
      const float level =
          float(by_day.mean.at<std::uint8_t>(at)) + v.at<float>(y, x) * float(influence.at<std::uint8_t>(y, x)) / 255;
      excess.add(at, float(thing) / 255, std::max(0.F, level - float(greatest.at<std::uint8_t>(at))),
                 std::max(0.F, float(least.at<std::uint8_t>(at)) - level));
    }
  }
  const cv::Rect pixels(rect.tl() - own.tl() * kBlock, rect.size());
  return {enlarged(least, pixels), enlarged(greatest, pixels), enlarged(excess.over(), pixels),
          enlarged(excess.under(), pixels)};
}

}  // namespace lynceus::context
