// Figures of tracking against TrackEval 1.3.0 (HOTA, CLEAR, Identity), whose answers on the same boxes are frozen here.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tools/evaluate/people_sequence.h"
#include "tools/evaluate/people_tracking.h"
#include "tools/evaluate/people_wildtrack.h"

namespace lynceus::tools {
namespace {

bool near(double a, double b, double within) { return std::abs(a - b) <= within; }

/// Five people over forty frames; the result misses some, moves all, swaps two for a while and adds nobody.
void write_story(Tracks& truth, Tracks& result) {
  for (int f = 1; f <= 40; ++f) {
    for (int k = 0; k < 5; ++k) {
      const int x = 60 * k + (k % 2 != 0 ? 3 * f : -2 * f) + 100, y = 40 + 7 * k + f, w = 30 + 2 * k, h = 80 + 5 * k;
      truth[f].push_back({k + 1, cv::Rect2d(x, y, w, h)});
      if ((f * 7 + k * 3) % 11 == 0) continue;
      int id = k + 1;
      if (k == 1 && f > 15) id = 11;
      if ((k == 2 || k == 3) && f > 10 && f <= 20) id = k == 2 ? 4 : 3;
      result[f].push_back({id, cv::Rect2d(x + (f * 5 + k * 13) % 9 - 4, y + (f * 3 + k * 17) % 13 - 6, w + (f + k) % 5,
                                          h - (f * k) % 7)});
    }
    if (f % 4 == 0) result[f].push_back({20 + f / 20, cv::Rect2d(400 + f, 30, 25, 70)});
  }
}

TEST_CASE("a story of swaps, misses and new ids has TrackEval's figures") {
  Tracks truth, result;
  write_story(truth, result);
  const TrackingFigures f = tracking_figures(truth, result);
  REQUIRE(near(f.idf1(), 76.531, 0.001));
  REQUIRE(near(f.hota(), 59.492, 0.001));
  REQUIRE(near(f.mota(), 83.500, 0.001));
  REQUIRE(near(f.motp(), 80.072, 0.001));
  REQUIRE(f.switches == 5);
}

TEST_CASE("two sequences together are their counts together") {
  Tracks truth, result;
  write_story(truth, result);
  const TrackingFigures one = tracking_figures(truth, result);
  TrackingFigures both = one;
  both += one;
  REQUIRE(near(both.idf1(), one.idf1(), 1e-9));
  REQUIRE(near(both.hota(), one.hota(), 1e-9));
  REQUIRE(both.switches == 10);
}

TEST_CASE("the truth against itself is perfect, against nothing worth nothing") {
  Tracks truth, result;
  write_story(truth, result);
  const TrackingFigures same = tracking_figures(truth, truth), none = tracking_figures(truth, {});
  REQUIRE(near(same.hota(), 100, 1e-9));
  REQUIRE(near(same.mota(), 100, 1e-9));
  REQUIRE(none.idf1() == 0);
  REQUIRE(none.mota() == 0);
  REQUIRE(none.hota() == 0);
}

TEST_CASE("detected boxes of a public sequence with made-up ids have TrackEval's figures") {
  LYNCEUS_NEED_DATA(folder, "data/people/mot/TUD-Campus");
  const PeopleSequence sequence = read_people_sequence(*folder);
  REQUIRE(sequence.frames == 71);
  Tracks result;
  std::ifstream file(*folder + "/det/det.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::vector<double> v;
    for (std::string word; std::getline(words, word, ',');) v.push_back(std::atof(word.c_str()));
    const int frame = int(v[0]);
    auto& boxes = result[frame];
    boxes.push_back({1 + (std::int64_t(boxes.size()) + frame / 15) % 20, {v[2], v[3], v[4], v[5]}});
  }
  const TrackingFigures f = tracking_figures(sequence.truth, result);
  REQUIRE(near(f.idf1(), 28.824, 0.01));
  REQUIRE(near(f.hota(), 22.463, 0.01));
  REQUIRE(near(f.mota(), 21.170, 0.01));
  REQUIRE(near(f.motp(), 73.618, 0.01));
  REQUIRE(f.switches == 131);
}

TEST_CASE("WILDTRACK's grid: every cell to metres and back, nothing outside") {
  int wrong = 0;
  for (std::int64_t id = 0; id < 480 * 1440; ++id) {
    const auto metres = wildtrack_metres(id);
    wrong += !metres || wildtrack_position(*metres) != id;
  }
  REQUIRE(wrong == 0);
  REQUIRE(near(wildtrack_metres(0)->x, -3, 1e-12));
  REQUIRE(near(wildtrack_metres(480 * 1440 - 1)->y, 26.975, 1e-9));
  REQUIRE_FALSE(wildtrack_metres(480 * 1440));
  REQUIRE_FALSE(wildtrack_metres(-1));
  REQUIRE_FALSE(wildtrack_position({-3.02, 0}));
  REQUIRE_FALSE(wildtrack_position({0, 27.0}));
}

}  // namespace
}  // namespace lynceus::tools
