// Slow change of a pipe: the mean of its excess over the surroundings in the last hour against that of the last days.
// Insulation that soaks or ages shows here before anything is hot. The two means survive restarts (State).
// Thread: bound to the analyzer.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plugins/sdk/observations.h"

namespace lynceus::pipes {

class DriftWatch {
 public:
  DriftWatch(double limit_kelvin, double after_s, std::string zone)
      : limit_kelvin_(limit_kelvin), after_s_(after_s), zone_(std::move(zone)) {}

  void update(double excess_kelvin, double time_s);
  sdk::Condition condition() const;

  /// What survives a restart; restore() ignores what is not of this form.
  std::vector<std::byte> save() const;
  void restore(std::span<const std::byte> blob);

  double drift_kelvin() const { return known() ? recent_ - baseline_ : 0; }
  bool known() const { return learned_s_ >= after_s_; }

 private:
  double limit_kelvin_, after_s_;
  std::string zone_;
  double recent_ = 0, baseline_ = 0, learned_s_ = 0;
  std::optional<double> last_s_;
  bool active_ = false;
};

}  // namespace lynceus::pipes
