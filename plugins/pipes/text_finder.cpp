#include "plugins/pipes/text_finder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/pipes/components.h"
#include "plugins/pipes/figures.h"

namespace lynceus::pipes {
namespace {

constexpr double kEnlargedHeight = 960;  // of the picture
constexpr int kLeastContrast = 40;
constexpr std::size_t kMostGlyphs = 400;
constexpr double kWidestGap = 1.1;  // of the letters' height

struct Glyph {
  cv::Rect box;  // in the enlarged part
};

/// Bright where there is ink: white ink has all channels high, black ink all low.
cv::Mat ink_of(const cv::Mat& bgr, bool dark) {
  cv::Mat planes[3], ink;
  cv::split(bgr, planes);
  if (dark) {
    ink = ~cv::max(planes[0], cv::max(planes[1], planes[2]));
  } else {
    ink = cv::min(planes[0], cv::min(planes[1], planes[2]));
  }
  return ink;
}

/// What is as large as a letter's stroke and stands out; larger things go.
cv::Mat strokes_of(const cv::Mat& ink, double picture_height) {
  const int side = std::max(7, cvRound(picture_height / 40)) | 1;
  cv::Mat out;
  cv::morphologyEx(ink, out, cv::MORPH_TOPHAT, cv::Mat::ones(side, side, CV_8U));
  return out;
}

std::vector<Glyph> glyphs_of(const cv::Mat& strokes, double picture_height) {
  cv::Mat mask;
  const double level = cv::threshold(strokes, mask, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  if (level < kLeastContrast) cv::threshold(strokes, mask, kLeastContrast, 255, cv::THRESH_BINARY);
  std::vector<Glyph> out;
  const Components components(mask);
  for (const Part& part : components.all()) {
    if (out.size() == kMostGlyphs) break;
    if (part.area < 5 || part.box.height > 0.11 * picture_height || part.box.width > 0.25 * picture_height) continue;
    out.push_back({part.box});
  }
  return out;
}

/// A letter that has grown together with something bright above or below it: it stands as high as its neighbour then.
bool cut_to(const cv::Rect& next, const cv::Rect& last) {
  return next.height < 1.5 * last.height && next.width < 1.2 * last.height && next.y <= last.y + last.height / 8 &&
         next.br().y >= last.br().y - last.height / 8;
}

/// Tall glyphs of one height in a row, with what is small between and beside them.
std::vector<std::vector<Glyph>> lines_of(std::vector<Glyph> glyphs, double picture_height) {
  std::sort(glyphs.begin(), glyphs.end(), [](const Glyph& a, const Glyph& b) { return a.box.x < b.box.x; });
  const double least = 0.014 * picture_height;
  std::vector<std::vector<Glyph>> lines;
  std::vector<char> used(glyphs.size(), 0);
  for (std::size_t i = 0; i < glyphs.size(); ++i) {
    if (used[i] != 0 || glyphs[i].box.height < least || glyphs[i].box.height < 0.75 * glyphs[i].box.width / 3) continue;
    std::vector<Glyph> line{glyphs[i]};
    used[i] = 1;
    for (std::size_t j = i + 1; j < glyphs.size(); ++j) {
      const cv::Rect &last = line.back().box, &next = glyphs[j].box;
      if (used[j] != 0 || next.x - last.br().x > kWidestGap * last.height) continue;
      const int overlap = std::min(last.br().y, next.br().y) - std::max(last.y, next.y);
      const bool as_tall = next.height > 0.8 * last.height && next.height < 1.25 * last.height;
      const bool grown_together = !as_tall && line.size() > 1 && cut_to(next, last);
      if ((!as_tall && !grown_together) || overlap < 0.75 * last.height) continue;
      line.push_back({grown_together ? cv::Rect(next.x, last.y, next.width, last.height) : next});
      used[j] = 1;
    }
    lines.push_back(std::move(line));
  }
  for (auto& line : lines) {
    const cv::Rect first = line.front().box, last = line.back().box;
    const int h = first.height;
    for (std::size_t j = 0; j < glyphs.size(); ++j) {
      const cv::Rect& b = glyphs[j].box;
      if (used[j] != 0 || b.height > 0.62 * h) continue;
      const bool beside = b.x > first.x - 1.2 * h && b.br().x < last.br().x + 1.2 * h && b.y > first.y - 0.3 * h &&
                          b.br().y < first.br().y + 0.3 * h;
      if (beside) line.push_back(glyphs[j]);
    }
    std::sort(line.begin(), line.end(), [](const Glyph& a, const Glyph& b) { return a.box.x < b.box.x; });
  }
  return lines;
}

/// A character and how sure it is.
struct Read {
  char letter = '?';
  double confidence = 0;
  cv::Rect box;
};

/// A point is as bright as the fainter of the letters beside it; what shows through between them is not.
bool faint(const cv::Mat& strokes, const std::vector<Glyph>& line, std::size_t at, int tall_px) {
  const auto brightest = [&](const cv::Rect& box) {
    double value = 0;
    cv::minMaxLoc(strokes(box), nullptr, &value);
    return value;
  };
  const auto is_tall = [&](std::size_t i) { return line[i].box.height > 0.62 * tall_px; };
  double letter = 1e9;
  for (std::size_t i = at; i-- > 0;) {
    if (!is_tall(i)) continue;
    letter = brightest(line[i].box);
    break;
  }
  for (std::size_t i = at + 1; i < line.size(); ++i) {
    if (!is_tall(i)) continue;
    letter = std::min(letter, brightest(line[i].box));
    break;
  }
  return brightest(line[at].box) < 0.55 * letter;
}

/// Small things by where they stand: a point, a minus, a degree ring.
Read small_glyph(const cv::Rect& b, const cv::Rect& line) {
  const double h = line.height, middle = (b.y + b.height / 2.0 - line.y) / h;
  if (middle > 0.75 && b.height < 0.36 * h && b.width < 0.42 * h) return {'.', 0.97, b};
  if (middle > 0.35 && middle < 0.72 && b.width > 1.25 * b.height && b.height < 0.3 * h && b.width > 0.2 * h &&
      b.width < 1.05 * h)
    return {'-', 0.97, b};
  if (middle < 0.45 && b.height > 0.18 * h && b.width < 0.7 * h) return {'o', 0.9, b};
  return {'?', 0.5, b};
}

Read whole(const cv::Mat& strokes, const cv::Rect& box) {
  const Figure figure = read_figure(strokes(box));
  return {figure.letter, figure.confidence, box};
}

/// Columns with the least ink, away from the sides: where letters touch.
int cut_of(const cv::Mat& strokes, const cv::Rect& box, int from, int to) {
  cv::Mat sums;
  cv::reduce(strokes(box), sums, 0, cv::REDUCE_SUM, CV_32S);
  int best = (from + to) / 2;
  for (int x = from; x < to; ++x) {
    if (sums.at<int>(x) < sums.at<int>(best)) best = x;
  }
  return best;
}

std::vector<Read> read_tall(const cv::Mat& strokes, const cv::Rect& box, int depth = 0) {
  const Read one = whole(strokes, box);
  const double aspect = double(box.width) / box.height;
  if (aspect < 0.75 || depth > 2 || (aspect < 0.95 && one.letter != '?' && one.confidence > 0.9)) return {one};
  const int w = box.width;
  const int cut = cut_of(strokes, box, std::max(1, w / 4), std::min(w - 1, w - w / 4));
  const cv::Rect left(box.x, box.y, cut, box.height), right(box.x + cut, box.y, w - cut, box.height);
  std::vector<Read> parts = read_tall(strokes, left, depth + 1);
  for (const Read& r : read_tall(strokes, right, depth + 1)) parts.push_back(r);
  double worst = 1;
  for (const Read& r : parts) worst = std::min(worst, r.letter == '?' ? 0 : r.confidence);
  const double alone = one.letter == '?' ? 0 : one.confidence;
  return worst > alone || aspect > 1.3 ? parts : std::vector<Read>{one};
}

/// The height that most of the tall glyphs share.
cv::Rect line_box(const std::vector<Glyph>& line) {
  cv::Rect out = line.front().box;
  for (const Glyph& g : line) {
    if (g.box.height > out.height) out = g.box;
  }
  return out;
}

}  // namespace

std::vector<TextLine> find_text(const cv::Mat& bgr, const cv::Rect& part, const cv::Rect& hidden, bool dark_ink) {
  const cv::Rect inside = part & cv::Rect({0, 0}, bgr.size());
  if (inside.width < 6 || inside.height < 6) return {};
  const double factor = std::clamp(std::round(kEnlargedHeight / bgr.rows), 1.0, 4.0), height = factor * bgr.rows;
  cv::Mat ink = ink_of(bgr(inside), dark_ink);
  const cv::Rect covered = (hidden & inside) - inside.tl();
  if (!covered.empty()) ink(covered).setTo(0);
  cv::resize(ink, ink, {}, factor, factor, cv::INTER_CUBIC);
  const cv::Mat strokes = strokes_of(ink, height);
  std::vector<TextLine> out;
  for (const auto& line : lines_of(glyphs_of(strokes, height), height)) {
    const cv::Rect tall = line_box(line);
    TextLine text;
    text.letter_px = tall.height / factor;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const Glyph& g = line[i];
      const bool is_tall = g.box.height > 0.62 * tall.height;
      if (!is_tall && faint(strokes, line, i, tall.height)) continue;
      for (const Read& r : is_tall ? read_tall(strokes, g.box) : std::vector<Read>{small_glyph(g.box, tall)}) {
        text.text += r.letter;
        text.confidence.push_back(r.confidence);
        text.boxes.emplace_back(cvFloor(r.box.x / factor) + inside.x, cvFloor(r.box.y / factor) + inside.y,
                                cvCeil(r.box.width / factor), cvCeil(r.box.height / factor));
      }
    }
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace lynceus::pipes
