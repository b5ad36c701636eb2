#include "tools/evaluate/targets_figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <opencv2/imgproc.hpp>

namespace lynceus::tools {
namespace {

constexpr int kGrow = 3, kPeakGrow = 1;

cv::Mat grown(const cv::Mat& mask, int by) {
  cv::Mat out;
  cv::dilate(mask, out, cv::Mat::ones(2 * by + 1, 2 * by + 1, CV_8UC1));
  return out;
}

cv::Point2d centre_of(const cv::Rect2d& box) { return {box.x + box.width / 2, box.y + box.height / 2}; }

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// One part of a mask.
struct Part {
  cv::Mat grown3, grown1;
  cv::Rect2d box;
  cv::Point2d centre;
};

std::vector<Part> parts_of(const cv::Mat& labels, int count) {
  std::vector<Part> parts;
  for (int i = 1; i <= count; ++i) {
    const cv::Mat own = labels == i;
    const cv::Rect box = cv::boundingRect(own);
    parts.push_back({grown(own, kGrow), grown(own, kPeakGrow), cv::Rect2d(box.x, box.y, box.width, box.height), {}});
    parts.back().centre = centre_of(parts.back().box);
  }
  return parts;
}

}  // namespace

double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double both = (a & b).area(), all = a.area() + b.area() - both;
  return all > 0 ? both / all : 0;
}

void TrackFigures::add_frame(const cv::Rect2d& truth, const std::optional<cv::Rect2d>& box) {
  ++frames_;
  if (!box) return;
  const double iou = overlap(truth, *box);
  const cv::Point2d off = centre_of(*box) - centre_of(truth);
  sum_.aor += iou;
  sum_.precision_5px += cv::norm(off) <= 5;
  sum_.precision_20px += cv::norm(off) <= 20;
  sum_.precision_norm += std::abs(off.x) / truth.width <= 0.2 && std::abs(off.y) / truth.height <= 0.2;
  for (int i = 0; i <= 20; ++i) sum_.success_auc += (iou > 0.05 * i) / 21.0;
}

void TrackFigures::end_sequence() {
  if (frames_ > 0) {
    const double n = double(frames_);
    sequences_.push_back(
        {sum_.aor / n, sum_.precision_5px / n, sum_.precision_20px / n, sum_.precision_norm / n, sum_.success_auc / n});
  }
  sum_ = {};
  frames_ = 0;
}

std::optional<TrackFigures::Values> TrackFigures::mean() const {
  if (sequences_.empty()) return std::nullopt;
  Values out;
  const double n = double(sequences_.size());
  for (const Values& one : sequences_) {
    out.aor += one.aor / n;
    out.precision_5px += one.precision_5px / n;
    out.precision_20px += one.precision_20px / n;
    out.precision_norm += one.precision_norm / n;
    out.success_auc += one.success_auc / n;
  }
  return out;
}

void TrackFigures::add(const TrackFigures& other) { append(sequences_, other.sequences_); }

void RatioFigures::add(const RatioFigures& other) {
  append(in_db, other.in_db);
  append(out_db, other.out_db);
  append(scr_gain, other.scr_gain);
  append(bsf, other.bsf);
  on_floor += other.on_floor;
}

void MaskFigures::add_picture(cv::Size size, const cv::Mat& mask, const std::vector<Hit>& listed,
                              const cv::Mat& response, const cv::Mat& filtered) {
  pixels_ += size.area();
  cv::Mat labels = cv::Mat::zeros(size, CV_32S), around = cv::Mat::zeros(size, CV_8UC1);
  const int count = mask.empty() ? 0 : cv::connectedComponents(mask > 0, labels, 8, CV_32S) - 1;
  if (count > 0) around = grown(mask > 0, kGrow);
  score_list(labels, count, listed);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (around.at<uchar>(y, x)) continue;
      ++free_pixels_;
      ++free_histogram_[response.at<std::uint16_t>(y, x)];
    }
  }
  if (count == 0) return;
  ++with_target_;
  cv::Point top;
  cv::minMaxLoc(filtered, nullptr, nullptr, nullptr, &top);
  greatest_hits_ += grown(mask > 0, kPeakGrow).at<uchar>(top) > 0;
  for (const Part& part : parts_of(labels, count)) {
    double peak = 0;
    cv::minMaxLoc(response, nullptr, &peak, nullptr, nullptr, part.grown1);
    peaks_.push_back(int(peak));
  }
}

/// A listed target counts once, for the nearest part it lies on; a further one on a part found counts neither way.
void MaskFigures::score_list(const cv::Mat& labels, int count, const std::vector<Hit>& listed) {
  parts_ += count;
  const std::vector<Part> parts = parts_of(labels, count);
  std::map<std::size_t, Hit> best;
  for (const Hit& hit : listed) {
    const cv::Point2d centre = centre_of(hit.box);
    const cv::Point pixel(std::clamp(cvFloor(centre.x), 0, labels.cols - 1),
                          std::clamp(cvFloor(centre.y), 0, labels.rows - 1));
    std::size_t nearest = parts.size();
    double least = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const double distance = cv::norm(parts[i].centre - centre);
      if (parts[i].grown3.at<uchar>(pixel) && distance < least) least = distance, nearest = i;
    }
    if (nearest == parts.size()) {
      ++false_;
      continue;
    }
    const auto [at, fresh] = best.try_emplace(nearest, hit);
    if (!fresh && hit.score > at->second.score) at->second = hit;
  }
  found_ += int(best.size());
  for (const auto& [part, hit] : best) overlap_ += overlap(parts[part].box, hit.box);
}

void MaskFigures::add(const MaskFigures& o) {
  parts_ += o.parts_, found_ += o.found_, with_target_ += o.with_target_, greatest_hits_ += o.greatest_hits_;
  false_ += o.false_, pixels_ += o.pixels_, free_pixels_ += o.free_pixels_;
  overlap_ += o.overlap_;
  for (std::size_t i = 0; i < free_histogram_.size(); ++i) free_histogram_[i] += o.free_histogram_[i];
  append(peaks_, o.peaks_);
}

double MaskFigures::pd_at(double share) const {
  if (peaks_.empty()) return 0;
  std::int64_t left = std::llround(share * double(free_pixels_)) + 1;
  int threshold = 65535;
  while (threshold > 0 && (left -= free_histogram_[std::size_t(threshold)]) > 0) --threshold;
  return double(std::count_if(peaks_.begin(), peaks_.end(), [&](int peak) { return peak > threshold; })) /
         double(peaks_.size());
}

}  // namespace lynceus::tools
