// A temperature field as a camera shows it: palette, scale bar, labels, logo, cross-hair.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "pipeline/scenes/palette.h"
#include "pipeline/scenes/thermal.h"

namespace lynceus::scenes {
namespace {

using Stops = std::vector<cv::Vec3d>;  // RGB, evenly spaced

Stops stops_of(const std::string& name) {
  if (name == "grey") return {{0, 0, 0}, {255, 255, 255}};
  if (name == "rainbow") {
    return {{0, 0, 90},     {0, 60, 220},   {0, 170, 230}, {40, 200, 60},
            {220, 220, 20}, {250, 140, 10}, {235, 30, 20}, {255, 220, 210}};
  }
  if (name == "rainbow2") {
    return {{10, 10, 10},  {190, 20, 200}, {20, 30, 170}, {15, 190, 190},
            {40, 120, 25}, {205, 200, 15}, {130, 20, 20}, {230, 225, 225}};
  }
  if (name == "iron2") {
    return {{5, 5, 20},     {70, 10, 140},  {143, 17, 161}, {193, 46, 127}, {224, 87, 69},
            {241, 133, 22}, {244, 180, 12}, {245, 222, 90}, {250, 250, 235}};
  }
  if (name == "hot")
    return {{0, 0, 0},     {90, 0, 0},     {180, 0, 0},     {255, 30, 0},
            {255, 130, 0}, {255, 220, 20}, {255, 255, 130}, {255, 255, 255}};
  return {{0, 0, 4},     {31, 12, 72},   {85, 15, 109},  {136, 34, 106}, {186, 54, 85},
          {227, 89, 51}, {249, 140, 10}, {249, 201, 50}, {252, 255, 164}};
}

cv::Mat palette_of(const std::string& name) {
  if (name == "iron") return iron_palette();
  const Stops stops = stops_of(name);
  cv::Mat out(1, 256, CV_8UC3);
  for (int i = 0; i < 256; ++i) {
    const double at = i / 255.0 * double(stops.size() - 1);
    const auto lower = std::min(stops.size() - 2, static_cast<std::size_t>(at));
    const cv::Vec3d c = stops[lower] + (at - double(lower)) * (stops[lower + 1] - stops[lower]);
    out.at<cv::Vec3b>(0, i) = {cv::saturate_cast<uchar>(c[2]), cv::saturate_cast<uchar>(c[1]),
                               cv::saturate_cast<uchar>(c[0])};
  }
  return out;
}

/// Draws what a camera burns in; knows where it put the bar.
class Overlay {
 public:
  Overlay(cv::Mat& picture, const ThermalRecipe& r, const cv::Mat& palette)
      : picture_(picture), r_(r), palette_(palette) {
    place();
  }

  void draw() {
    draw_bar();
    draw_labels();
    if (r_.logo) text("THERMO", {edge(), picture_.rows - edge()}, false);
    if (r_.cross_hair) draw_cross_hair();
  }
  cv::Rect bar() const { return bar_; }
  /// The picture without the strip of bar and labels.
  cv::Rect roi() const {
    const int w = picture_.cols, h = picture_.rows;
    if (r_.bar == ThermalRecipe::Bar::bottom) return {0, 0, w, strip_};
    return r_.bar == ThermalRecipe::Bar::right ? cv::Rect(0, 0, strip_, h) : cv::Rect(strip_, 0, w - strip_, h);
  }

 private:
  int edge() const { return std::max(2, cvRound(r_.letter_px / 2)); }
  cv::Size text_size(const std::string& words) const {
    int baseline = 0;
    return cv::getTextSize(words, r_.font, scale(), thickness(), &baseline);
  }
  double scale() const {
    int baseline = 0;
    return r_.letter_px / cv::getTextSize("0", r_.font, 1, 1, &baseline).height;
  }
  int thickness() const { return std::max(1, cvRound(r_.letter_px / 12)); }
  std::string words(double value) const {
    char out[32];
    std::snprintf(out, sizeof out, "%.*f", r_.decimals, value);
    return out;
  }

  void place() {
    const int w = picture_.cols, h = picture_.rows, thick = std::max(6, w / 42);
    const int widest = std::max(text_size(words(r_.low)).width, text_size(words(r_.high)).width) + unit_width();
    const int beside = r_.labels == ThermalRecipe::Labels::beside ? widest + edge() : 0;
    if (r_.bar == ThermalRecipe::Bar::bottom) {
      const int y = h - thick - edge() - (beside > 0 ? 0 : cvRound(2 * r_.letter_px));
      bar_ = {w / 5, y, w * 3 / 5, thick};
      strip_ = y - edge() - (beside > 0 ? cvRound(1.6 * r_.letter_px) : 0);
      return;
    }
    const int column = std::max(thick, beside > 0 ? thick + beside : widest);
    const int x = r_.bar == ThermalRecipe::Bar::right ? w - edge() - (beside > 0 ? thick : (column + thick) / 2)
                                                      : edge() + (beside > 0 ? 0 : (column - thick) / 2);
    bar_ = {x, h / 7, thick, h * 5 / 7};
    strip_ = r_.bar == ThermalRecipe::Bar::right ? w - 2 * edge() - column : column + 2 * edge();
  }
  int unit_width() const { return r_.unit_at_label ? text_size(" C").width + cvRound(r_.letter_px / 2) : 0; }

  void draw_bar() {
    const int length = std::max(bar_.width, bar_.height);
    for (int i = 0; i < length; ++i) {
      const cv::Vec3b c = palette_.at<cv::Vec3b>(0, i * 255 / (length - 1));
      const cv::Scalar colour(c[0], c[1], c[2]);
      if (bar_.width > bar_.height) {
        picture_(cv::Rect(bar_.x + i, bar_.y, 1, bar_.height)).setTo(colour);
      } else {
        picture_(cv::Rect(bar_.x, bar_.br().y - 1 - i, bar_.width, 1)).setTo(colour);
      }
    }
    if (r_.framed) cv::rectangle(picture_, bar_ + cv::Size(2, 2) - cv::Point(1, 1), ink(), 1);
  }

  cv::Scalar ink() const { return r_.dark_text ? cv::Scalar(10, 10, 10) : cv::Scalar(255, 255, 255); }

  /// `foot` is the lower left corner of the letters.
  void text(const std::string& what, cv::Point foot, bool with_unit) {
    const cv::Size size = text_size(what);
    foot.x = std::clamp(foot.x, 1, std::max(1, picture_.cols - size.width - (with_unit ? unit_width() : 0) - 1));
    if (r_.boxed) {
      const cv::Rect box(foot.x - 3, foot.y - size.height - 3, size.width + 6 + (with_unit ? unit_width() : 0),
                         size.height + 6);
      cv::rectangle(picture_, box, r_.dark_text ? cv::Scalar(235, 235, 235) : cv::Scalar(20, 20, 20), cv::FILLED);
    }
    cv::putText(picture_, what, foot, r_.font, scale(), ink(), thickness(), cv::LINE_AA);
    if (with_unit) unit({foot.x + size.width + cvRound(r_.letter_px / 4), foot.y});
  }
  void unit(cv::Point foot) {
    const int radius = std::max(2, cvRound(r_.letter_px / 6));
    cv::circle(picture_, {foot.x + radius, foot.y - cvRound(r_.letter_px) + radius}, radius, ink(), 1, cv::LINE_AA);
    cv::putText(picture_, r_.fahrenheit ? "F" : "C", {foot.x + 2 * radius + 2, foot.y}, r_.font, scale(), ink(),
                thickness(), cv::LINE_AA);
  }

  void draw_labels() {
    const std::string high = words(r_.high), low = words(r_.low);
    const int letter = cvRound(r_.letter_px), gap = std::max(3, letter / 2);
    const bool beside = r_.labels == ThermalRecipe::Labels::beside;
    const bool level = bar_.width > bar_.height;
    const auto centred = [&](const std::string& what) { return bar_.x + (bar_.width - text_size(what).width) / 2; };
    if (level && beside) {
      text(high, {bar_.br().x - text_size(high).width, bar_.y - gap}, r_.unit_at_label);
      text(low, {bar_.x, bar_.y - gap}, r_.unit_at_label);
    } else if (level) {
      text(high, {bar_.br().x + gap, bar_.y + (bar_.height + letter) / 2}, r_.unit_at_label);
      text(low,
           {bar_.x - gap - text_size(low).width - (r_.unit_at_label ? unit_width() : 0),
            bar_.y + (bar_.height + letter) / 2},
           r_.unit_at_label);
    } else if (beside) {
      const bool right = r_.bar == ThermalRecipe::Bar::right;
      const auto x = [&](const std::string& what) {
        return right ? bar_.x - gap - text_size(what).width - (r_.unit_at_label ? unit_width() : 0) : bar_.br().x + gap;
      };
      text(high, {x(high), bar_.y + letter}, r_.unit_at_label);
      text(low, {x(low), bar_.br().y}, r_.unit_at_label);
    } else {
      text(high, {centred(high), bar_.y - gap}, r_.unit_at_label);
      text(low, {centred(low), bar_.br().y + gap + letter}, r_.unit_at_label);
    }
    if (!r_.unit_at_label) unit({edge(), edge() + letter});
  }

  void draw_cross_hair() {
    const cv::Point at(picture_.cols * 2 / 5, picture_.rows / 2);
    const int arm = std::max(6, picture_.rows / 24);
    for (const cv::Point way : {cv::Point(1, 0), {-1, 0}, {0, 1}, {0, -1}}) {
      cv::line(picture_, at + way * (arm / 3), at + way * arm, cv::Scalar(0, 0, 0), 3);
      cv::line(picture_, at + way * (arm / 3), at + way * arm, cv::Scalar(255, 255, 255), 1);
    }
  }

  cv::Mat& picture_;
  const ThermalRecipe& r_;
  const cv::Mat& palette_;
  cv::Rect bar_;
  int strip_ = 0;
};

}  // namespace

ThermalPicture make_thermal(const ThermalRecipe& r) {
  ThermalPicture out;
  out.celsius = thermal_field(r, &out.pipe_share_hot);
  const auto celsius = [&](double v) { return r.fahrenheit ? (v - 32) / 1.8 : v; };
  const double low = celsius(r.low), high = celsius(r.high), gain = 255 / (high - low);
  cv::Mat grey;
  out.celsius.convertTo(grey, CV_8U, gain, -low * gain);
  const cv::Mat palette = palette_of(r.palette);
  out.picture = colourise(grey, palette);
  Overlay overlay(out.picture, r, palette);
  overlay.draw();
  out.bar = overlay.bar();
  out.roi = overlay.roi();
  return out;
}

}  // namespace lynceus::scenes
