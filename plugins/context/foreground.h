// What is in the night picture and does not belong to the place: people, cars, their lamps. Each frame is compared with the
// usual night picture, learned as it goes or given (reference); nothing is looked ahead for.
//
// Works on a shrunk picture. What the first frames show may hold a car that drives off later: a difference that stands
// still and whose border is an edge of the usual picture and not of the frame is such a ghost, and the usual picture is
// mended there.
// Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::context {

struct ForegroundSettings {
  double least_difference = 5;  ///< grey levels, of a picture averaged over 3×3
  double seed_difference = 10;  ///< somewhere in it a thing must differ by so much
  int absorbed_after = 7500;    ///< frames after which what stands still belongs to the place
};

class Foreground {
 public:
  explicit Foreground(const ForegroundSettings& settings = {}) : settings_(settings) {}

  /// 8UC3, without anything that does not belong to the place; of the size that find() is given.
  void trust(const cv::Mat& reference);
  /// 8UC1: 255 where something is.
  cv::Mat find(const cv::Mat& shrunk);
  /// The camera's exposure or light changed: what is usual is learned anew.
  void reset() { *this = Foreground(settings_); }

  const cv::Mat& usual() const { return usual8_; }  ///< 8UC3
  bool known() const { return !usual_.empty(); }
  /// True when find() saw the whole picture change at once and began anew.
  bool began_anew() const { return began_anew_; }

 private:
  void begin(const cv::Mat& smooth);
  cv::Mat difference(const cv::Mat& smooth) const;
  cv::Mat things(const cv::Mat& difference, double typical) const;
  void watch(const cv::Mat& smooth, double typical);
  cv::Mat ghosts(const cv::Mat& smooth, const cv::Mat& things) const;
  void mend(const cv::Mat& smooth, const cv::Mat& where);
  void learn(const cv::Mat& smooth, const cv::Mat& difference, const cv::Mat& things);

  ForegroundSettings settings_;
  cv::Mat usual_, usual8_;  ///< 32FC3, and rounded
  cv::Mat spread_;          ///< 32FC1: how much each pixel usually differs
  cv::Mat agreed_;          ///< 8UC1: frames in which the pixel was as usual, up to 255
  cv::Mat strange_;         ///< 16UC1: frames in a row in which it was not
  cv::Mat before_;          ///< 8UC3: the frame before
  cv::Mat still_;           ///< 8UC1: frames in a row in which it did not change, up to 255
  int frames_ = 0;
  bool began_anew_ = false;
};

}  // namespace lynceus::context
