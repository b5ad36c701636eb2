#include "plugins/pipes/bar_finder.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

namespace lynceus::pipes {
namespace {

constexpr int kEdge = 14;           // levels between neighbours that end a run of one colour
constexpr double kSearched = 0.24;  // of the picture at each side
constexpr int kLeastWidth = 3;
constexpr int kCandidates = 8;
constexpr double kLeastLength = 0.2;  // of the picture
constexpr int kLeastLength_px = 24;
constexpr int kLargestStep = 56;    // between two rows of the bar
constexpr int kUneven = 48;         // across the bar
constexpr double kLeastPath = 150;  // RGB distance gone from one end to the other
constexpr int kSamples = 24;

int step(const cv::Vec3b& a, const cv::Vec3b& b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

/// Colour and evenness of each row between two columns.
struct Rows {
  std::vector<cv::Vec3f> colour;
  std::vector<char> even;
};

Rows rows_of(const cv::Mat& picture, int from, int to) {
  Rows out;
  const int third = (to - from) / 4;
  const int left = from + third, right = std::max(left + 1, to - third);
  for (int y = 0; y < picture.rows; ++y) {
    const auto* row = picture.ptr<cv::Vec3b>(y);
    cv::Vec3f sum(0, 0, 0);
    int uneven = 0;
    for (int x = left; x < right; ++x) {
      sum += cv::Vec3f(row[x]);
      uneven = std::max(uneven, step(row[x], row[left]));
    }
    out.colour.push_back(sum / double(right - left));
    out.even.push_back(uneven <= kUneven ? 1 : 0);
  }
  return out;
}

double distance(const cv::Vec3f& a, const cv::Vec3f& b) { return cv::norm(a - b); }

/// The longest stretch of rows that are even and follow each other without a jump; compression may spoil two in a row.
cv::Range longest_stretch(const Rows& rows) {
  constexpr int kSpoiled = 2;
  cv::Range best(0, 0);
  int from = -1, last = -1;  // of the stretch so far
  for (int y = 0; y < static_cast<int>(rows.colour.size()); ++y) {
    const auto i = static_cast<std::size_t>(y);
    if (rows.even[i] == 0) continue;
    const bool follows = from >= 0 && y - last <= 1 + kSpoiled &&
                         distance(rows.colour[i], rows.colour[static_cast<std::size_t>(last)]) <= kLargestStep;
    if (!follows) from = y;
    last = y;
    if (last + 1 - from > best.size()) best = {from, last + 1};
  }
  return best;
}

/// Ends of one colour that is not the palette's last (a frame, a background) are no part of the bar: a stretch of more
/// than a fifth of the length without any change is left out.
cv::Range without_plain_ends(const Rows& rows, cv::Range stretch) {
  const auto colour = [&](int y) { return rows.colour[static_cast<std::size_t>(y)]; };
  int top = stretch.start, bottom = stretch.end - 1;
  while (top < bottom && distance(colour(top), colour(stretch.start)) < 6) ++top;
  while (bottom > top && distance(colour(bottom), colour(stretch.end - 1)) < 6) --bottom;
  const int much = stretch.size() / 5;
  return {top - stretch.start > much ? top : stretch.start, stretch.end - 1 - bottom > much ? bottom + 1 : stretch.end};
}

/// Rows of the bar from one of its ends inward.
struct FromEnd {
  const cv::Mat& picture;
  const Rows& rows;
  cv::Range columns;
  int first = 0, towards = 1, count = 0;

  int row(int i) const { return first + towards * i; }
  cv::Vec3f colour(int i) const { return rows.colour[static_cast<std::size_t>(row(i))]; }
  /// A line of another colour right across closes the bar here.
  bool framed() const {
    for (int i = -1; i >= -2; --i) {
      if (row(i) < 0 || row(i) >= picture.rows) return false;
      if (rows.even[static_cast<std::size_t>(row(i))] != 0 && distance(colour(i), colour(0)) > kLargestStep)
        return true;
    }
    return false;
  }
  /// What lies on both sides, beyond a frame, has this colour too.
  bool surrounded_by(const cv::Vec3f& ground, int i) const {
    constexpr int kBeyond = 3, kWide = 2;
    constexpr double kAlike = 12;
    bool any = false;
    for (const int from : {columns.start - kBeyond - kWide, columns.end + kBeyond}) {
      if (from < 0 || from + kWide > picture.cols) continue;
      cv::Vec3f sum(0, 0, 0);
      for (int x = from; x < from + kWide; ++x) sum += cv::Vec3f(picture.at<cv::Vec3b>(row(i), x));
      if (distance(sum / double(kWide), ground) > kAlike) return false;
      any = true;
    }
    return any;
  }
};

/// Where a straight line through the distances from the ground reaches it, in rows from the end; beyond `tail` and
/// below 0 are its ends.
int sinks_at(const FromEnd& bar, const cv::Vec3f& ground, int tail) {
  constexpr double kAbrupt = 40;
  const int fitted = std::max(6, bar.count / 20);
  if (tail + 2 + fitted > bar.count) return 0;
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (int i = tail + 1; i <= tail + fitted; ++i) {
    const double d = distance(bar.colour(i), ground);
    n += 1, x += i, y += d, xx += double(i) * i, xy += i * d;
  }
  const double slope = (n * xy - x * y) / (n * xx - x * x), start = (y - slope * x) / n;
  if (slope <= 0 || start + slope * (tail + 1) > kAbrupt) return tail;
  return std::clamp(cvRound(-start / slope), 0, tail);
}

/// Rows from `from` on that have the colour of the first of them and of what is beside the bar, counted from the end.
int tail_from(const FromEnd& bar, int from, cv::Vec3f& ground) {
  constexpr double kSame = 10;
  constexpr int kSpoiled = 2, kLeastSeen = 3;
  ground = (bar.colour(from) + bar.colour(from + 1) + bar.colour(from + 2)) / 3.0;
  int tail = from, seen = 0;
  for (int i = from; i < bar.count / 2 && i - tail <= kSpoiled; ++i) {
    if (distance(bar.colour(i), ground) > kSame) continue;
    tail = i + 1;
    seen += bar.surrounded_by(ground, i) ? 1 : 0;
  }
  return seen < kLeastSeen ? 0 : tail;
}

/// A bar whose end has the colour of its surroundings sinks into them: how many rows at this end are those. The very
/// last ones may be the ink of a label.
int sunken_rows(const FromEnd& bar) {
  constexpr int kInk = 6;
  if (bar.framed()) return 0;
  cv::Vec3f ground;
  for (int from = 0; from <= kInk; ++from) {
    if (const int tail = tail_from(bar, from, ground)) return sinks_at(bar, ground, tail);
  }
  return 0;
}

cv::Range without_sunken_ends(const cv::Mat& picture, const Rows& rows, cv::Range stretch, cv::Range columns) {
  if (stretch.size() < kSamples) return stretch;
  const int top = sunken_rows({picture, rows, columns, stretch.start, 1, stretch.size()});
  const int bottom = sunken_rows({picture, rows, columns, stretch.end - 1, -1, stretch.size()});
  return {stretch.start + top, stretch.end - bottom};
}

/// 0 … 1: far enough from one end to the other, and no colour twice.
double palette_quality(const Rows& rows, cv::Range stretch) {
  if (stretch.size() < kSamples) return 0;
  std::vector<cv::Vec3f> colours;
  for (int i = 0; i < kSamples; ++i) {
    const int y = stretch.start + (stretch.size() - 1) * i / (kSamples - 1);
    colours.push_back(rows.colour[static_cast<std::size_t>(y)]);
  }
  double path = 0, nearest = 1e9;
  for (std::size_t i = 0; i < colours.size(); ++i) {
    if (i > 0) path += distance(colours[i], colours[i - 1]);
    for (std::size_t j = i + 6; j < colours.size(); ++j) nearest = std::min(nearest, distance(colours[i], colours[j]));
  }
  if (path < kLeastPath || nearest < 12) return 0;
  return 0.5 * std::min(path / 500, 1.0) + 0.5 * std::min(nearest / 45, 1.0);
}

/// Share of the rows at which the colour changes at the strip's side; a side at the border counts as changed.
double side_contrast(const cv::Mat& picture, const Rows& rows, cv::Range stretch, int x) {
  if (x < 0 || x >= picture.cols) return 1;
  int changed = 0;
  for (int y = stretch.start; y < stretch.end; ++y) {
    const cv::Vec3f outside(picture.at<cv::Vec3b>(y, x));
    if (distance(outside, rows.colour[static_cast<std::size_t>(y)]) > 24) ++changed;
  }
  return stretch.size() > 0 ? double(changed) / stretch.size() : 0;
}

/// How many rows have a run of one colour between exactly these columns.
class Votes {
 public:
  Votes(const cv::Mat& band, int longest)
      : longest_(longest), votes_(band.cols * (longest + 1), 0), columns_(band.cols) {
    for (int y = 0; y < band.rows; ++y) vote(band.ptr<cv::Vec3b>(y));
  }

  std::vector<cv::Range> best(int least) const {
    std::vector<std::pair<int, cv::Range>> found;
    for (int x = 0; x < columns_; ++x) {
      for (int w = kLeastWidth; w <= longest_; ++w) {
        const int count = around(x, w);
        if (count >= least && peak(x, w)) found.push_back({count, {x, x + w}});
      }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<cv::Range> out;
    for (const auto& one : found) {
      if (out.size() == kCandidates) break;
      const cv::Range& range = one.second;
      const auto near = [&](const cv::Range& r) {
        return std::abs(r.start - range.start) + std::abs(r.end - range.end) < 3;
      };
      if (std::none_of(out.begin(), out.end(), near)) out.push_back(range);
    }
    return out;
  }

 private:
  void vote(const cv::Vec3b* row) {
    int from = 0;
    for (int x = 1; x <= columns_; ++x) {
      if (x < columns_ && step(row[x], row[x - 1]) <= kEdge) continue;
      const int width = x - from;
      if (width >= kLeastWidth && width <= longest_) ++votes_[index(from, width)];
      from = x;
    }
  }
  std::size_t index(int x, int w) const { return static_cast<std::size_t>(x * (longest_ + 1) + w); }
  int at(int x, int w) const {
    return x < 0 || x >= columns_ || w < kLeastWidth || w > longest_ ? 0 : votes_[index(x, w)];
  }
  /// A side that is off by one votes for its neighbour.
  int around(int x, int w) const {
    return at(x, w) + at(x - 1, w + 1) + at(x + 1, w - 1) + at(x, w + 1) + at(x, w - 1) + at(x - 1, w + 2) +
           at(x + 1, w - 2);
  }
  bool peak(int x, int w) const {
    const int here = at(x, w);
    return here > 0 && here >= at(x - 1, w + 1) && here >= at(x + 1, w - 1) && here >= at(x, w + 1) &&
           here >= at(x, w - 1);
  }

  int longest_;
  std::vector<int> votes_;
  int columns_;
};

struct Candidate {
  cv::Rect bar;
  double score = 0;
};

Candidate verify(const cv::Mat& picture, cv::Range columns) {
  const Rows rows = rows_of(picture, columns.start, columns.end);
  const cv::Range even = without_plain_ends(rows, longest_stretch(rows));
  const cv::Range stretch = without_sunken_ends(picture, rows, even, columns);
  Candidate out;
  const int width = columns.size();
  if (stretch.size() < std::max(kLeastLength_px, cvRound(kLeastLength * picture.rows)) || stretch.size() < 4 * width)
    return out;
  const double quality = palette_quality(rows, stretch);
  if (quality == 0) return out;
  const double left = side_contrast(picture, rows, stretch, columns.start - 2);
  const double right = side_contrast(picture, rows, stretch, columns.end + 1);
  if (std::min(left, right) < 0.4) return out;
  out.bar = {columns.start, stretch.start, width, stretch.size()};
  out.score = quality * std::min(left, right) * (0.5 + std::min(0.5, double(stretch.size()) / picture.rows)) *
              std::min(1.0, width / 6.0 + 0.3);
  return out;
}

/// A vertical bar near the left or the right border.
Candidate find_vertical(const cv::Mat& picture) {
  Candidate best;
  const int band = std::max(16, cvRound(kSearched * picture.cols));
  if (band >= picture.cols || picture.rows < kLeastLength_px) return best;
  const int longest = std::max(8, picture.cols / 12);
  for (const int from : {picture.cols - band, 0}) {
    const cv::Mat side = picture.colRange(from, from + band);
    cv::Mat fewer = side;
    const int rows = std::max(kLeastLength_px, std::min(side.rows, 200));
    if (side.rows > rows) cv::resize(side, fewer, {side.cols, rows}, 0, 0, cv::INTER_NEAREST);
    const Votes votes(fewer, longest);
    for (const cv::Range& columns : votes.best(cvRound(0.5 * kLeastLength * rows))) {
      const Candidate found = verify(picture, {columns.start + from, columns.end + from});
      if (found.score > best.score) best = found;
    }
  }
  return best;
}

cv::Rect turned(const cv::Rect& r) { return {r.y, r.x, r.height, r.width}; }

}  // namespace

std::optional<FoundBar> find_bar(const cv::Mat& bgr) {
  if (bgr.empty() || bgr.type() != CV_8UC3) return std::nullopt;
  const Candidate vertical = find_vertical(bgr);
  cv::Mat other;
  if (vertical.score < 0.5) cv::transpose(bgr, other);
  const Candidate horizontal = other.empty() ? Candidate{} : find_vertical(other);
  if (vertical.score == 0 && horizontal.score == 0) return std::nullopt;
  if (vertical.score >= horizontal.score) return FoundBar{vertical.bar, false, vertical.score};
  return FoundBar{turned(horizontal.bar), true, horizontal.score};
}

double bar_quality(const cv::Mat& bgr, const cv::Rect& bar) {
  const cv::Rect inside = bar & cv::Rect({0, 0}, bgr.size());
  if (inside.empty()) return 0;
  cv::Mat part = bgr(inside);
  if (part.cols > part.rows) cv::transpose(part, part);
  const Rows rows = rows_of(part, 0, part.cols);
  return palette_quality(rows, {0, part.rows});
}

cv::Rect trimmed(const cv::Mat& bgr, const cv::Rect& bar) {
  const cv::Rect inside = bar & cv::Rect({0, 0}, bgr.size());
  const bool horizontal = inside.width > inside.height;
  cv::Mat part = inside.empty() ? cv::Mat() : bgr(inside);
  if (part.empty() || std::max(part.cols, part.rows) < kSamples) return {};
  if (horizontal) cv::transpose(part, part);
  const Rows rows = rows_of(part, 0, part.cols);
  cv::Range stretch(0, part.rows);
  // At most a few rows of frame; the jump that ends it tells.
  for (int i = 0; i < std::min(4, part.rows / 10); ++i) {
    const auto top = static_cast<std::size_t>(i), bottom = rows.colour.size() - 1 - static_cast<std::size_t>(i);
    if (distance(rows.colour[top], rows.colour[top + 1]) > kLargestStep) stretch.start = i + 1;
    if (distance(rows.colour[bottom], rows.colour[bottom - 1]) > kLargestStep) stretch.end = part.rows - 1 - i;
  }
  if (palette_quality(rows, stretch) == 0) return {};
  if (horizontal) return {inside.x + stretch.start, inside.y, stretch.size(), inside.height};
  return {inside.x, inside.y + stretch.start, inside.width, stretch.size()};
}

}  // namespace lynceus::pipes
