// The patent's tables out of its confusion matrices.
#include "tests/support/catch.h"
#include "tools/evaluate/pipes_metrics.h"

using lynceus::tools::ClassFigures;

namespace {

void same(const ClassFigures& f, double accuracy, double precision, double recall, double f1) {
  REQUIRE(100 * f.accuracy == Approx(accuracy).margin(0.01));
  REQUIRE(100 * f.precision == Approx(precision).margin(0.01));
  REQUIRE(100 * f.recall == Approx(recall).margin(0.01));
  REQUIRE(100 * f.f1 == Approx(f1).margin(0.01));
}

}  // namespace

TEST_CASE("the laboratory's table") {
  const auto c = lynceus::tools::patent_laboratory();
  REQUIRE(c.total() == 208);
  same(c.of("normal"), 97.12, 95.31, 95.31, 95.31);
  same(c.of("insulation_damaged"), 97.12, 97.03, 97.03, 97.03);
  same(c.of("insulation_missing"), 100, 100, 100, 100);
  same(c.macro(), 98.08, 97.45, 97.45, 97.45);
  REQUIRE(c.accuracy() == Approx(202.0 / 208));
  REQUIRE(100 * c.interval().first == Approx(93.9).margin(0.06));
  REQUIRE(100 * c.interval().second == Approx(98.7).margin(0.06));
}

TEST_CASE("the field's table, its headings put right") {
  const auto c = lynceus::tools::patent_field();
  REQUIRE(c.total() == 124);
  same(c.of("normal"), 92.74, 82.14, 85.19, 83.64);
  same(c.of("insulation_damaged"), 92.74, 95.83, 94.85, 95.34);
  same(c.macro(), 92.74, 88.99, 90.02, 89.49);
  REQUIRE(100 * c.accuracy() == Approx(92.74).margin(0.01));
  REQUIRE(100 * c.interval().first == Approx(86.8).margin(0.06));
  REQUIRE(100 * c.interval().second == Approx(96.1).margin(0.06));
}

TEST_CASE("a diagnosis outside the truth's kinds is a miss, a kind never diagnosed has precision 0") {
  lynceus::tools::PipesConfusion c;
  c.add("normal", "no_pipe");
  c.add("insulation_damaged", "insulation_damaged");
  REQUIRE(c.kinds().size() == 2);
  REQUIRE(c.of("normal").precision == 0);
  REQUIRE(c.of("normal").recall == 0);
  REQUIRE(c.macro().f1 == Approx(0.5));
  REQUIRE(c.json()["confusion"]["normal"]["no_pipe"] == 1);
}
