// How well distances between people are measured, on a WILDTRACK folder: the truth is the annotated floor.
//
// Boxes are the annotated ones (foot at their lower edge); those cut by the picture's border are left out of the
// figures. Errors are of pairs truly closer than 5 m, violations of all pairs. Thread: bound to its owner.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

/// Counts of one method.
struct DistanceFigures {
  std::vector<double> errors_m;
  double hits = 0, alarms = 0, violations = 0;  ///< right ones, ours, true ones

  DistanceFigures& operator+=(const DistanceFigures& other);
  double precision() const;
  double recall() const;
  double f1() const;
  Json json() const;
};

struct WildtrackFigures {
  std::map<std::string, DistanceFigures> by_method;  ///< calibration, homography, perspective …
  std::map<std::string, std::map<std::string, DistanceFigures>> by_camera;  ///< camera, method
  std::string main;                                                         ///< the method of the top figures
};

WildtrackFigures measure_wildtrack(EvaluateRun& run, const std::string& folder);

}  // namespace lynceus::tools
