// What an analyzer said, made safe to pass on: no number that is none, no endless lists, no broken text.
//
// Whatever does not pass is left out and counted; the rest of the call stays. Series (distinct names and labels of
// measurements and counters) are remembered over the analyzer's life: the first 200 are let through.
// Owner and thread: the analyzer's slot.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "plugins/sdk/observations.h"

namespace lynceus::host {

class ObservationFilter {
 public:
  static constexpr std::size_t kMaxSeries = 200;
  static constexpr std::size_t kMaxConditions = 256;
  static constexpr std::size_t kMaxEntities = 1024;
  static constexpr std::size_t kMaxEvents = 256;
  static constexpr std::size_t kMaxViews = 16;
  static constexpr std::size_t kMaxShapes = 4096;    ///< boxes, lines and texts of an overlay, each
  static constexpr std::size_t kMaxValues = 20'000;  ///< of the details, nested ones included
  static constexpr std::size_t kMaxText = 512;

  /// How much was left out of this call.
  std::uint64_t apply(sdk::Observations& observations);

 private:
  bool new_series_fits(const std::string& name, const std::vector<sdk::Label>& labels, char kind);
  template <class Series>
  std::uint64_t filter_series(std::vector<Series>& list, char kind);

  std::set<std::string> series_;
};

}  // namespace lynceus::host
