// The tables of one axis: made once for a length and its ends, then shared. Thread: immutable after construction.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "plugins/context/axis_view.h"

namespace lynceus::context {

template <class S>
class AxisPlan {
 public:
  /// Ends that differ need an even length. Throws std::invalid_argument.
  AxisPlan(int n, Ends ends);
  const AxisView<S>& view() const { return view_; }
  std::size_t scratch_pairs() const;
  /// So many times larger is what comes back from the spectrum unless it is scaled.
  double gain() const;

  /// From the cache of plans in use.
  static std::shared_ptr<const AxisPlan> shared(int n, Ends ends);

 private:
  struct Fft;
  void fill_eigenvalues();
  void fill_turns();

  std::shared_ptr<const Fft> fft_;
  std::vector<S> turn_, eigen_;
  AxisView<S> view_;
};

/// The least length from n on that the transforms are quick with: 2^a 3^b 5^c, even where asked.
int quick_length(int n, bool even = false);

}  // namespace lynceus::context
