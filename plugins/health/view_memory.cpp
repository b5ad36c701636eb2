#include "plugins/health/view_memory.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::health {
namespace {

constexpr int kLooksToKnow = 20;
constexpr double kSlowest = 1.0 / 240;  ///< share of a new look in the usual view
constexpr double kRecent = 0.3;         ///< share of a new look in the recent view
constexpr double kMaxEdge = 160;        ///< stronger edges count as this: a lamp must not outweigh the rest
constexpr double kDetailedCell = 5;     ///< mean edge from which a cell has detail
constexpr double kDetailedShare = 0.1;  ///< of the cells: less, and covered or moved cannot be told
constexpr double kLostEdge = 0.3;       ///< of the usual edge: below it a cell has lost its detail
constexpr double kCoveredShare = 0.7;   ///< of the detailed cells lost
constexpr double kCoveredSpread = 0.5;  ///< of the usual spread of levels: a blurred view keeps its spread
constexpr double kUnlike = 0.6;         ///< of the typical similarity: below it somebody may have turned the camera
constexpr double kLeastTypical =
    0.3;                             ///< a view that never resembles itself (waves, snow) cannot be told to have moved
constexpr double kClearPeak = 0.25;  ///< response of the phase correlation that can be trusted
constexpr double kLeastShift = 0.012;  ///< of the width

const cv::Size kCells{16, 9};

cv::Mat edges_of(const cv::Mat& shrunk, const cv::Mat& ignored) {
  cv::Mat smooth, dx, dy, edges;
  cv::GaussianBlur(shrunk, smooth, {5, 5}, 1.1);
  cv::Sobel(smooth, dx, CV_16S, 1, 0);
  cv::Sobel(smooth, dy, CV_16S, 0, 1);
  cv::Mat sum = cv::abs(dx) + cv::abs(dy);
  sum.convertTo(edges, CV_32F);
  cv::min(edges, kMaxEdge, edges);
  edges.setTo(0, ignored);
  return edges;
}

cv::Mat in_cells(const cv::Mat& picture) {
  cv::Mat cells;
  cv::resize(picture, cells, kCells, 0, 0, cv::INTER_AREA);
  if (cells.depth() != CV_32F) cells.convertTo(cells, CV_32F);
  return cells;
}

double correlation(const cv::Mat& a, const cv::Mat& b) {
  const double mean_a = cv::mean(a)[0], mean_b = cv::mean(b)[0];
  const auto n = static_cast<double>(a.total());
  const double covariance = a.dot(b) - n * mean_a * mean_b;
  const double power = (a.dot(a) - n * mean_a * mean_a) * (b.dot(b) - n * mean_b * mean_b);
  return power > 1e-6 ? std::clamp(covariance / std::sqrt(power), 0.0, 1.0) : 0;
}

double spread(const cv::Mat& values, const cv::Mat& mask) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(values, mean, deviation, mask);
  return deviation[0];
}

void blend(cv::Mat& usual, const cv::Mat& now, double share) {
  if (usual.empty()) {
    usual = now.clone();
  } else {
    cv::addWeighted(usual, 1 - share, now, share, 0, usual);
  }
}

}  // namespace

ViewVerdict ViewMemory::look(const cv::Mat& shrunk, const cv::Mat& ignored) {
  if (!edges_.empty() && edges_.size() != shrunk.size()) reset();
  const cv::Mat now = edges_of(shrunk, ignored);
  const cv::Mat now_cells = in_cells(now), means = in_cells(shrunk);
  blend(recent_, now, kRecent);

  ViewVerdict verdict;
  verdict.similarity = edges_.empty() ? 1 : correlation(edges_, recent_);
  verdict.known = known();
  if (verdict.known) {
    verdict.covered = covered(now_cells, means, verdict);
    verdict.moved = !verdict.covered && moved(recent_, verdict);
  }
  // What is unlike the usual view is learned slowly, or a view in the making would be taken for the usual one.
  const bool alike = !verdict.known || verdict.similarity >= kUnlike * typical_;
  const double share = alike ? std::max(kSlowest, 1.0 / (looks_ + 1)) : kSlowest;
  if (!verdict.covered && !verdict.moved) learn(now, now_cells, means, verdict.similarity, share);
  return verdict;
}

bool ViewMemory::known() const { return looks_ >= kLooksToKnow && detailed(); }

bool ViewMemory::detailed() const {
  if (cell_edges_.empty()) return false;
  const cv::Mat detailed = cell_edges_ >= kDetailedCell;
  return cv::countNonZero(detailed) >= kDetailedShare * static_cast<double>(cell_edges_.total());
}

bool ViewMemory::covered(const cv::Mat& edges_in_cells, const cv::Mat& means, ViewVerdict& verdict) const {
  const cv::Mat detailed = cell_edges_ >= kDetailedCell;
  const cv::Mat lost = (edges_in_cells < cell_edges_ * kLostEdge) & detailed;
  verdict.lost = static_cast<double>(cv::countNonZero(lost)) / std::max(1, cv::countNonZero(detailed));
  if (verdict.lost < kCoveredShare) return false;
  return spread(means, lost) < kCoveredSpread * spread(cell_means_, lost);
}

bool ViewMemory::moved(const cv::Mat& now, ViewVerdict& verdict) const {
  if (typical_ < kLeastTypical || verdict.similarity >= kUnlike * typical_) return false;
  cv::Mat window;
  cv::createHanningWindow(window, now.size(), CV_32F);
  double response = 0;
  // Without their means, or the window itself would correlate, at no shift.
  const cv::Point2d shift = cv::phaseCorrelate(edges_ - cv::mean(edges_)[0], now - cv::mean(now)[0], window, &response);
  const bool clear = response >= kClearPeak && std::isfinite(shift.x) && std::isfinite(shift.y);
  if (clear) verdict.shift = {shift.x / now.cols, shift.y / now.rows};
  // A clear peak at no shift: the same view in another light, or with something new standing in it.
  return !clear || std::hypot(shift.x, shift.y) >= kLeastShift * now.cols;
}

void ViewMemory::learn(const cv::Mat& now, const cv::Mat& edges_in_cells, const cv::Mat& means, double similarity,
                       double share) {
  blend(edges_, now, share);
  blend(cell_edges_, edges_in_cells, share);
  blend(cell_means_, means, share);
  typical_ = looks_ == 0 ? similarity : typical_ + std::max(kSlowest * 4, share) * (similarity - typical_);
  ++looks_;
}

}  // namespace lynceus::health
