// What the analyzer tells of a frame: targets in words of the contract, figures of the filter, conditions and events of
// tracks. Owner: the analyzer. Thread: bound to its owner.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugins/sdk/observations.h"
#include "plugins/sdk/services.h"
#include "plugins/targets/detector.h"

namespace lynceus::targets {

enum class TargetState { tentative, tracked, lost };

struct Target {
  std::int64_t id = 0;
  cv::Rect2d box;  ///< pixels of the frame
  double score = 0;
  TargetState state = TargetState::tentative;
  std::optional<double> snr_db;
  double age_s = 0;

  cv::Point2d centre() const { return {box.x + box.width / 2, box.y + box.height / 2}; }
};

/// `targets` of details, entities of those that are confirmed, overlay, the measurement `targets`.
void tell_targets(const std::vector<Target>& targets, sdk::Observations& out);

/// Who came, went, crossed a line, stays too long. A zone counts where the target's middle is.
class Happenings {
 public:
  Happenings(const sdk::CameraInfo& camera, double loiter_s)
      : zones_(camera.zones), lines_(camera.lines), loiter_s_(loiter_s) {}

  void update(const std::vector<Target>& targets, cv::Size picture, sdk::Observations& out);
  void forget() { known_.clear(); }

 private:
  struct Known {
    cv::Point2d at;                         // 0..1
    std::set<std::string> in;               // zones; "" is the picture
    std::map<std::string, double> since_s;  // age at which it entered
    double age_s = 0;
    bool seen = false;
  };

  std::set<std::string> places_of(cv::Point2d at) const;
  void moved(std::int64_t id, Known& known, const Target& target, cv::Point2d at, sdk::Observations& out);
  void crossings(std::int64_t id, cv::Point2d from, cv::Point2d to, sdk::Observations& out) const;
  void tell_conditions(const std::vector<Target>& targets, sdk::Observations& out) const;

  const std::vector<sdk::Zone> zones_;
  const std::vector<sdk::Line> lines_;
  const double loiter_s_;
  std::map<std::int64_t, Known> known_;
};

}  // namespace lynceus::targets
