#include "plugins/people/assignment.h"

#include <algorithm>
#include <limits>

namespace lynceus::people {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// Rows find columns along shortest augmenting paths; every row has a column of its own beyond the real ones that
/// stands for nobody.
class Solver {
 public:
  Solver(const CostTable& cost, double gate)
      : cost_(cost),
        gate_(gate),
        columns_(cost.columns() + cost.rows()),
        u_(cost.rows() + 1),
        v_(columns_ + 1),
        row_of_(columns_ + 1, 0) {}

  std::vector<int> solve() {
    for (std::size_t row = 1; row <= cost_.rows(); ++row) augment(row);
    std::vector<int> out(cost_.rows(), kNobody);
    for (std::size_t c = 1; c <= cost_.columns(); ++c) {
      if (row_of_[c] != 0 && price(row_of_[c], c) < gate_) out[row_of_[c] - 1] = int(c - 1);
    }
    return out;
  }

 private:
  /// 1-based; a pair beyond the gate costs far more than nobody, yet stays finite.
  double price(std::size_t row, std::size_t column) const {
    if (column > cost_.columns()) return column - cost_.columns() == row ? gate_ : kFar;
    const double value = cost_(row - 1, column - 1);
    return value < gate_ ? value : kFar;
  }

  void augment(std::size_t row) {
    std::vector<double> least(columns_ + 1, kInfinite);
    std::vector<std::size_t> way(columns_ + 1, 0);
    std::vector<char> used(columns_ + 1, 0);
    row_of_[0] = row;
    std::size_t column = 0;
    do {
      used[column] = 1;
      column = step(column, least, way, used);
    } while (row_of_[column] != 0);
    while (column != 0) {
      row_of_[column] = row_of_[way[column]];
      column = way[column];
    }
  }

  std::size_t step(std::size_t from, std::vector<double>& least, std::vector<std::size_t>& way,
                   const std::vector<char>& used) {
    const std::size_t row = row_of_[from];
    double delta = kInfinite;
    std::size_t next = 0;
    for (std::size_t c = 1; c <= columns_; ++c) {
      if (used[c]) continue;
      const double reduced = price(row, c) - u_[row] - v_[c];
      if (reduced < least[c]) least[c] = reduced, way[c] = from;
      if (least[c] < delta) delta = least[c], next = c;
    }
    for (std::size_t c = 0; c <= columns_; ++c) {
      if (used[c]) {
        u_[row_of_[c]] += delta;
        v_[c] -= delta;
      } else {
        least[c] -= delta;
      }
    }
    return next;
  }

  static constexpr double kFar = 1e9;
  const CostTable& cost_;
  const double gate_;
  const std::size_t columns_;
  std::vector<double> u_, v_;
  std::vector<std::size_t> row_of_;
};

}  // namespace

std::vector<int> assign(const CostTable& cost, double gate) {
  if (cost.rows() == 0 || cost.columns() == 0) return std::vector<int>(cost.rows(), kNobody);
  return Solver(cost, gate).solve();
}

}  // namespace lynceus::people
