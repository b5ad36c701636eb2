// What the room looks like without those who pass through it: looks of the network put together, pixel by pixel.
//
// A pixel that is hidden in a look keeps what it was. New looks count a third once there are three: what was put down
// is outvoted after some looks, what one look got wrong never shows. Thread: bound to the analyzer.
#pragma once

#include <opencv2/core.hpp>

#include "plugins/scene/classes.h"

namespace lynceus::scene {

/// The grid on which the room is remembered, whatever the picture's size.
inline const cv::Size kGrid{160, 120};

/// Maps, picture and what is known of them, all on the grid.
struct RoomView {
  Maps maps;        ///< of the four classes
  cv::Mat picture;  ///< CV_32FC3
  cv::Mat known;    ///< CV_8UC1, 255 where it was seen often enough

  bool empty() const { return maps.empty(); }
};

class Vote {
 public:
  static constexpr int kFull = 4;  ///< looks after which it is worth something

  /// `four` and `shown` (what `classes` asks for, maybe the same) of any size; `hidden`: CV_8UC1 on the grid.
  void add(const Maps& four, const Maps& shown, const cv::Mat& bgr, const cv::Mat& hidden);
  int looks() const { return looks_; }
  bool full() const { return looks_ >= kFull; }
  const RoomView& room() const { return room_; }
  const Maps& shown() const { return shown_; }
  /// Share of the picture where the newest look was far from what it had been until then, hidden parts left out.
  double surprise() const { return surprise_; }
  void reset() { *this = Vote(); }

 private:
  RoomView room_;
  Maps shown_;
  cv::Mat counts_;  ///< CV_32F, looks a pixel has had
  int looks_ = 0;
  double surprise_ = 0;
};

}  // namespace lynceus::scene
