// Figures of tracking: CLEAR (MOTA, MOTP), identities (IDF1) and HOTA, as TrackEval defines them for boxes.
//
//   TrackingFigures all;
//   all += tracking_figures(truth, result);     // once a sequence
//   all.hota();                                  // percent
//
// Sequences are pooled by adding counts, associations weighted by true positives. Thread: reentrant.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::tools {

struct LabelledBox {
  std::int64_t id = 0;
  cv::Rect2d box;
};
/// By frame, from 1.
using Tracks = std::map<int, std::vector<LabelledBox>>;

double box_overlap(const cv::Rect2d& a, const cv::Rect2d& b);

struct TrackingFigures {
  static constexpr int kAlphas = 19;  ///< 0.05, 0.10 … 0.95

  double truths = 0, results = 0;                      ///< boxes
  double matches = 0, overlap = 0, switches = 0;       ///< CLEAR, at IoU 0.5
  double id_true_positives = 0;                        ///< of the best one-to-one identities
  std::array<double, kAlphas> found{}, association{};  ///< HOTA: true positives, Σ AssA × true positives

  TrackingFigures& operator+=(const TrackingFigures& other);
  // Percent; NaN where there is nothing to divide by.
  double mota() const;
  double motp() const;
  double idf1() const;
  double hota() const;
};

TrackingFigures tracking_figures(const Tracks& truth, const Tracks& result);

}  // namespace lynceus::tools
