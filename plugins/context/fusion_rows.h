// The loops over one row of the fusion, compiled for more than one processor (fusion_rows.inc, as strip_kernels.inc
// is). Thread: reentrant.
#pragma once

#include <cstdint>

namespace lynceus::context {

/// All that one row of the result is made of. Outside the things it keeps between `least` and `greatest`, the things
/// are moved by what they are `over` or `under` that; where `influence` is null the solution is taken as it is.
struct ComposeRow {
  const std::uint8_t *day = nullptr, *night = nullptr;         ///< BGR
  const float *weight = nullptr, *luma = nullptr;              ///< W; v of the brightness
  const float *blue = nullptr, *red = nullptr;                 ///< v - W M of B - Y and R - Y
  const std::uint8_t *influence = nullptr, *things = nullptr;  ///< 255 = 1
  const std::uint8_t *least = nullptr, *greatest = nullptr, *over = nullptr, *under = nullptr;
  int count = 0;
};

/// A row m of M with those above and below (itself where there is none), its weights, and v before (temporal 0: any
/// row).
struct SourceRow {
  const float *m = nullptr, *above = nullptr, *below = nullptr, *w = nullptr, *w_above = nullptr, *past = nullptr;
  int count = 0;
  float screen = 0, temporal = 0;
};

/// For the sums of |grad v - w grad m|² and |grad day + w grad m|²; `…_below` null in the last row.
struct ResidualRow {
  const float *v = nullptr, *v_below = nullptr, *m = nullptr, *m_below = nullptr, *w = nullptr;
  const float *day = nullptr, *day_below = nullptr;
  int count = 0;
};

struct RowSums {
  double off = 0, all = 0;
};

struct FusionRows {
  /// luma = Y(night) - Y(day), blue = (B - Y)(night) - (B - Y)(day), red likewise.
  void (*difference)(const std::uint8_t* night, const std::uint8_t* day, int count, float* luma, float* blue,
                     float* red);
  /// Means of 2×2; `count` is that of a and b.
  void (*halve)(const float* a, const float* b, int count, float* out);
  /// The row of an enlarged plane that lies a quarter of the way from a to b; `count` of them make twice as many.
  void (*enlarge)(const float* a, const float* b, int count, float* between, float* out);
  /// div(w grad m) - screen w m - temporal past; nothing flows across the sides.
  void (*source)(const SourceRow&, float* out);
  RowSums (*residual)(const ResidualRow&);
  void (*compose)(const ComposeRow&, std::uint8_t* out);
};

/// The best for this processor.
const FusionRows& fusion_rows();
extern const FusionRows kBaseRows, kAvx2Rows;

}  // namespace lynceus::context
