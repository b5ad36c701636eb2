// Who walks over a line, and which way. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <map>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "plugins/people/person.h"
#include "plugins/sdk/observations.h"
#include "plugins/sdk/options.h"

namespace lynceus::people {

/// Told when the foot goes from clearly one side, along a way that cuts the line between its ends, to clearly the
/// other. Directions are those of somebody who stands at `from` and looks to `to`: left_to_right, right_to_left.
class LineWatch {
 public:
  LineWatch(const sdk::Line& line, cv::Size picture);

  void update(std::span<const Person> people, double time_s);
  void add_to(sdk::Observations& out) const;
  void reset() { last_.clear(); }

 private:
  struct Seen {
    cv::Point2d foot;  ///< when it was clearly on one side
    bool right = false;
    double at_s = 0;
  };
  /// To the right of the line, in pixels.
  double side(const cv::Point2d& p) const;
  bool cuts(const cv::Point2d& a, const cv::Point2d& b) const;

  const std::string name_;
  const cv::Point2d from_, to_;  ///< pixels
  std::map<std::int64_t, Seen> last_;
  std::vector<std::pair<std::int64_t, bool>> crossed_;  ///< who, to the right
};

}  // namespace lynceus::people
