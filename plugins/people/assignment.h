// Who belongs to whom at the least total cost (Hungarian method, shortest augmenting paths).
//
//   CostTable cost(tracks, boxes);  cost(t, b) = …;   auto box_of = assign(cost, gate);
//
// Thread: reentrant.
#pragma once

#include <cstddef>
#include <vector>

namespace lynceus::people {

class CostTable {
 public:
  CostTable(std::size_t rows, std::size_t columns, double value = 0)
      : rows_(rows), columns_(columns), values_(rows * columns, value) {}
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  double& operator()(std::size_t r, std::size_t c) { return values_[r * columns_ + c]; }
  double operator()(std::size_t r, std::size_t c) const { return values_[r * columns_ + c]; }

 private:
  std::size_t rows_, columns_;
  std::vector<double> values_;
};

constexpr int kNobody = -1;

/// For each row its column, or kNobody. Pairs that cost `gate` or more are never made; leaving a row without a column
/// costs `gate`, so that no pair is given up for a row that gains less by it.
std::vector<int> assign(const CostTable& cost, double gate);

}  // namespace lynceus::people
