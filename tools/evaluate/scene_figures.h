// How well pixels are labelled: one confusion matrix over all pictures, and how well the borders lie.
//
//   LabelConfusion c(4);  c.add(truth, labels);  c.mean_iu();        // truth 255 is left out
//   boundary_f1(truth, labels, 4)                                     // of one picture
//
// mean_acc is over the classes that the truth has, mean_iu over those that the truth or the labels have (only labelled,
// never true: 0). Pictures are CV_8UC1 of one size. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace lynceus::tools {

inline constexpr int kIgnoredLabel = 255;

class LabelConfusion {
 public:
  explicit LabelConfusion(int classes) : classes_(classes), counts_(static_cast<std::size_t>(classes * classes)) {}

  /// Labels are below `classes`; truth is too, or 255.
  void add(const cv::Mat& truth, const cv::Mat& labels);
  void add(const LabelConfusion& other);
  void add(int truth, int labelled, std::int64_t pixels) { at(truth, labelled) += pixels; }

  int classes() const { return classes_; }
  std::int64_t pixels(int truth) const;          ///< t_i
  std::optional<double> accuracy(int of) const;  ///< n_ii / t_i
  std::optional<double> iu(int of) const;        ///< n_ii / (t_i + labelled i − n_ii)
  double pixel_acc() const;
  double mean_acc() const;
  double mean_iu() const;
  double fw_iu() const;

 private:
  std::int64_t& at(int truth, int labelled) {
    return counts_.at(static_cast<std::size_t>(truth * classes_ + labelled));
  }
  std::int64_t at(int truth, int labelled) const {
    return counts_.at(static_cast<std::size_t>(truth * classes_ + labelled));
  }
  std::int64_t all() const;

  int classes_;
  std::vector<std::int64_t> counts_;  ///< truth down, labelled across
};

/// Mean over the classes that have a border in truth or labels; nothing where none has. A border is of the pixels of a
/// class with a 4-neighbour of another, none within 2 px of 255; borders agree within 2 px.
std::optional<double> boundary_f1(const cv::Mat& truth, const cv::Mat& labels, int classes);

}  // namespace lynceus::tools
