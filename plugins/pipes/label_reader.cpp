#include "plugins/pipes/label_reader.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "plugins/pipes/text_finder.h"

namespace lynceus::pipes {
namespace {

constexpr int kMostWhole = 4;  // figures before the point
constexpr double kLargest = 3000;

struct Number {
  Label label;
  double letter_px = 0;
  std::optional<bool> fahrenheit;
  cv::Rect unit_box;
};

/// −?d{1,4}(.d)? somewhere in a line; what follows it may be a unit.
std::vector<Number> numbers_of(const TextLine& line) {
  std::vector<Number> out;
  const std::string& t = line.text;
  for (std::size_t i = 0; i < t.size();) {
    if (std::isdigit(static_cast<unsigned char>(t[i])) == 0) {
      ++i;
      continue;
    }
    Number n;
    std::size_t from = i;
    if (i > 0 && t[i - 1] == '-' && line.boxes[i].x - line.boxes[i - 1].br().x < 0.65 * line.letter_px) from = i - 1;
    std::size_t to = i;
    int whole = 0, after = 0;
    bool point = false;
    while (to < t.size()) {
      if (std::isdigit(static_cast<unsigned char>(t[to])) != 0) {
        ++(point ? after : whole);
      } else if (t[to] == '.' && !point && to + 1 < t.size() &&
                 std::isdigit(static_cast<unsigned char>(t[to + 1])) != 0) {
        point = true;
      } else {
        break;
      }
      ++to;
    }
    n.label.text = t.substr(from, to - from);
    n.label.value = std::strtod(n.label.text.c_str(), nullptr);
    n.label.confidence = 1;
    n.letter_px = line.letter_px;
    n.label.box = line.boxes[from];
    for (std::size_t k = from; k < to; ++k) {
      n.label.confidence = std::min(n.label.confidence, line.confidence[k]);
      n.label.box |= line.boxes[k];
    }
    // Something unread right beside a number, or a point that belongs to nothing, may have been a figure.
    const auto touches = [&](std::size_t k, std::size_t beside) {
      const cv::Rect &a = line.boxes[k], &b = line.boxes[beside];
      const int gap = std::max(a.x, b.x) - std::min(a.br().x, b.br().x);
      const bool tall = t[k] == '?' && a.height > 0.6 * line.letter_px;
      return (tall || t[k] == '.') && gap < 0.45 * line.letter_px;
    };
    if ((from > 0 && touches(from - 1, from)) || (to < t.size() && touches(to, to - 1))) n.label.confidence *= 0.4;
    if (whole <= kMostWhole && after <= 2 && std::abs(n.label.value) <= kLargest) out.push_back(std::move(n));
    i = to;
  }
  return out;
}

double distance(const cv::Rect& box, cv::Point end) {
  const double dx = std::max({box.x - end.x, end.x - box.br().x, 0}),
               dy = std::max({box.y - end.y, end.y - box.br().y, 0});
  return std::hypot(dx, dy);
}

cv::Rect around(cv::Point end, bool horizontal, cv::Size size, double thick) {
  const double x = (horizontal ? 0.13 : 0.15) * size.width + thick,
               y = (horizontal ? 0.08 : 0.1) * size.height + thick / 2;
  return cv::Rect(cv::Point(cvRound(end.x - x), cvRound(end.y - y)), cv::Point(cvRound(end.x + x), cvRound(end.y + y)));
}

struct Unit {
  bool fahrenheit = false;
  cv::Rect box;
  double confidence = 0;
};

/// A degree ring with C or F behind it, wherever both were put by the search for lines.
std::optional<Unit> unit_among(const std::vector<TextLine>& lines) {
  std::optional<Unit> best;
  const auto is_ring = [](const cv::Rect& ring, const cv::Rect& letter) {
    const double h = letter.height;
    return letter.x - ring.br().x > -0.15 * h && letter.x - ring.br().x < 0.55 * h &&
           std::abs(ring.y - letter.y) < 0.3 * h && ring.height > 0.25 * h && ring.height < 0.8 * h &&
           ring.width < 0.85 * h && ring.width > 0.2 * h;
  };
  for (const TextLine& line : lines) {
    for (std::size_t i = 0; i < line.text.size(); ++i) {
      const bool letter = line.text[i] == 'C' || line.text[i] == 'F';
      if (!letter || line.confidence[i] < 0.85 || (best && best->confidence >= line.confidence[i])) continue;
      for (const TextLine& other : lines) {
        for (const cv::Rect& ring : other.boxes) {
          if (is_ring(ring, line.boxes[i])) best = Unit{line.text[i] == 'F', line.boxes[i] | ring, line.confidence[i]};
        }
      }
    }
  }
  return best;
}

bool stands_behind(const Number& n) {
  const cv::Rect &unit = n.unit_box, &label = n.label.box;
  const int gap = unit.x - label.br().x;
  return !unit.empty() && gap > -2 && gap < 1.5 * n.letter_px &&
         std::abs(unit.br().y - label.br().y) < 0.4 * n.letter_px;
}

/// White right beside white letters could hide another one.
bool could_hide_more(const cv::Mat& bgr, const Number& n) {
  const cv::Rect& b = n.label.box;
  const int reach = std::max(2, cvRound(0.7 * n.letter_px)), gap = std::max(1, cvRound(0.12 * n.letter_px));
  const auto whiteness = [&](const cv::Rect& part, double share) {
    const cv::Rect inside = part & cv::Rect({0, 0}, bgr.size());
    std::vector<int> values;
    for (int y = inside.y; y < inside.br().y; ++y) {
      for (int x = inside.x; x < inside.br().x; ++x) {
        const auto& p = bgr.at<cv::Vec3b>(y, x);
        values.push_back(std::min({p[0], p[1], p[2]}));
      }
    }
    if (values.empty()) return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
  };
  const int letters = whiteness(b, 0.85);
  for (const int x : {b.br().x + gap, b.x - gap - reach}) {
    if (whiteness({x, b.y, reach, b.height}, 0.5) > 0.85 * letters) return true;
  }
  return false;
}

/// The number that stands nearest to a bar's end, with the unit seen there.
std::optional<Number> number_at(const cv::Mat& bgr, const FoundBar& bar, cv::Point end) {
  const double thick = bar.horizontal ? bar.bar.height : bar.bar.width;
  const cv::Rect part = around(end, bar.horizontal, bgr.size(), thick);
  const cv::Rect hidden(bar.bar.x - 2, bar.bar.y - 2, bar.bar.width + 4, bar.bar.height + 4);
  std::optional<Number> best;
  double best_cost = 1e9;
  for (const bool dark : {false, true}) {
    const auto lines = find_text(bgr, part, hidden, dark);
    const auto unit = unit_among(lines);
    for (const TextLine& line : lines) {
      for (Number n : numbers_of(line)) {
        if (unit) n.fahrenheit = unit->fahrenheit, n.unit_box = unit->box;
        if (!dark && could_hide_more(bgr, n)) n.label.confidence *= 0.6;
        if (dark) n.label.confidence *= 0.9;  // what is behind the letters is more often taken for dark ink
        const double cost = distance(n.label.box, end) / bgr.rows + 0.5 * (1 - n.label.confidence) + (dark ? 0.02 : 0);
        if (cost < best_cost) best_cost = cost, best = n;
      }
    }
    if (best && best->label.confidence > 0.8) break;
  }
  return best;
}

}  // namespace

LabelReading read_labels(const cv::Mat& bgr, const FoundBar& bar) {
  const cv::Rect& b = bar.bar;
  const cv::Point hot = bar.horizontal ? cv::Point(b.br().x, b.y + b.height / 2) : cv::Point(b.x + b.width / 2, b.y);
  const cv::Point cold = bar.horizontal ? cv::Point(b.x, b.y + b.height / 2) : cv::Point(b.x + b.width / 2, b.br().y);
  LabelReading out;
  auto high = number_at(bgr, bar, hot), low = number_at(bgr, bar, cold);
  // A camera writes both in one size.
  constexpr double kAsLarge = 0.75;
  if (high && low && std::min(high->letter_px, low->letter_px) < kAsLarge * std::max(high->letter_px, low->letter_px)) {
    high->label.confidence *= 0.4;
    low->label.confidence *= 0.4;
  }
  // … and with as many decimals: one that has fewer has lost some.
  const auto decimals = [](const Number& n) {
    return n.label.text.size() - std::min(n.label.text.size(), n.label.text.find('.'));
  };
  if (high && low && decimals(*high) != decimals(*low)) {
    (decimals(*high) < decimals(*low) ? high : low)->label.confidence *= 0.4;
  }
  for (const auto& [number, label] : {std::pair(&high, &out.high), std::pair(&low, &out.low)}) {
    if (!*number) continue;
    *label = (*number)->label;
    if (!(*number)->fahrenheit) continue;
    out.fahrenheit = (*number)->fahrenheit;
    out.unit_box = (*number)->unit_box;
  }
  out.unit_beside = (high && stands_behind(*high)) || (low && stands_behind(*low));
  const int strip = cvRound(0.14 * bgr.rows);
  for (const cv::Rect& part : {cv::Rect(0, 0, bgr.cols, strip), cv::Rect(0, bgr.rows - strip, bgr.cols, strip)}) {
    if (out.fahrenheit) break;
    if (const auto unit = unit_among(find_text(bgr, part, b, false)))
      out.fahrenheit = unit->fahrenheit, out.unit_box = unit->box;
  }
  return out;
}

}  // namespace lynceus::pipes
