// One zone: who stands in it, who came in, who stays too long, and whether it is crowded. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <map>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "plugins/people/person.h"
#include "plugins/people/settings.h"
#include "plugins/sdk/observations.h"

namespace lynceus::people {

class Area {
 public:
  Area(const AreaSettings& settings, cv::Size picture);

  const AreaSettings& settings() const { return settings_; }
  /// Of a foot; one below the picture counts where it leaves the picture.
  bool holds(cv::Point2d foot) const;
  /// Whether a box may count here at all.
  bool accepts(const cv::Rect2d& box, double score) const;

  /// `tracked`: people have ids that last; else (unrelated pictures) they are only counted.
  void update(std::span<const Person> people, double time_s, bool tracked);
  void add_to(sdk::Observations& out) const;
  void reset();

 private:
  struct Visit {
    double from_s = 0, seen_s = 0;
  };
  void visit(std::int64_t id, double time_s);

  const AreaSettings settings_;
  const cv::Size picture_;
  std::vector<cv::Point2f> outline_;  ///< pixels; empty: everywhere
  std::map<std::int64_t, Visit> visits_;
  std::vector<std::int64_t> entered_;
  std::size_t count_ = 0;
  double longest_s_ = 0, crowded_since_s_ = -1;
  bool crowded_ = false;
};

}  // namespace lynceus::people
