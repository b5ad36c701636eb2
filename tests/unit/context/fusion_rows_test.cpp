// The loops over rows are compiled for more than one processor: they must agree, at every length.
#include "plugins/context/fusion_rows.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <vector>

#include "plugins/context/strip_tables.h"
#include "tests/support/catch.h"

namespace lynceus::context {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Floats = std::vector<float>;

struct Row {
  explicit Row(int n, cv::RNG& random) : count(n) {
    for (Bytes* bytes : {&night, &day}) *bytes = noise(3 * n, random);
    for (Bytes* bytes : {&influence, &things, &least, &greatest, &over, &under}) *bytes = noise(n, random);
    for (Floats* floats : {&luma, &blue, &red, &more}) *floats = levels(n, random, 60);
    weight = levels(n, random, 1);
  }

  static Bytes noise(int n, cv::RNG& random) {
    Bytes out;
    for (int i = 0; i < n; ++i) out.push_back(static_cast<std::uint8_t>(random.uniform(0, 256)));
    return out;
  }
  static Floats levels(int n, cv::RNG& random, float most) {
    Floats out;
    for (int i = 0; i < n; ++i) out.push_back(random.uniform(-most, most));
    return out;
  }

  ComposeRow compose(bool confined) const {
    ComposeRow row{day.data(), night.data(), weight.data(), luma.data(), blue.data(), red.data()};
    row.count = count;
    if (!confined) return row;
    row.influence = influence.data(), row.things = things.data();
    row.least = least.data(), row.greatest = greatest.data();
    row.over = over.data(), row.under = under.data();
    return row;
  }
  SourceRow source() const {
    SourceRow row{luma.data(), blue.data(), red.data(), weight.data(), weight.data(), more.data()};
    row.count = count, row.screen = 1e-4F, row.temporal = 1e-3F;
    return row;
  }
  ResidualRow residual() const {
    return {luma.data(), blue.data(), red.data(), more.data(), weight.data(), blue.data(), red.data(), count};
  }

  int count;
  Bytes night, day, influence, things, least, greatest, over, under;
  Floats weight, luma, blue, red, more;
};

double apart(const Floats& a, const Floats& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, double(std::abs(a[i] - b[i])));
  return most;
}

int apart(const Bytes& a, const Bytes& b) {
  int most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

TEST_CASE("the rows of every processor agree") {
  if (!has_avx2()) return;
  cv::RNG random(5);
  for (const int n : {1, 2, 7, 8, 63, 64, 65, 131}) {
    const Row row(n, random);
    const auto size = static_cast<std::size_t>(n);
    for (const bool confined : {false, true}) {
      Bytes base(3 * size), wide(3 * size);
      kBaseRows.compose(row.compose(confined), base.data());
      kAvx2Rows.compose(row.compose(confined), wide.data());
      REQUIRE(apart(base, wide) <= 1);
    }
    Floats base(size), wide(size);
    kBaseRows.source(row.source(), base.data());
    kAvx2Rows.source(row.source(), wide.data());
    REQUIRE(apart(base, wide) < 1e-3);
    const RowSums a = kBaseRows.residual(row.residual()), b = kAvx2Rows.residual(row.residual());
    REQUIRE(a.off == Approx(b.off).epsilon(1e-4));
    REQUIRE(a.all == Approx(b.all).epsilon(1e-4));
  }
}

TEST_CASE("a halved row enlarged again is as smooth as it was") {
  const int n = 40;
  Floats ramp, half(n / 2), between(n / 2), again(n);
  for (int i = 0; i < n; ++i) ramp.push_back(float(i));
  fusion_rows().halve(ramp.data(), ramp.data(), n, half.data());
  fusion_rows().enlarge(half.data(), half.data(), n / 2, between.data(), again.data());
  for (int i = 1; i + 1 < n; ++i) REQUIRE(again[std::size_t(i)] == Approx(float(i)));
}

}  // namespace
}  // namespace lynceus::context
