#include "daemon/evidence/clip_file.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/evidence/decode_times.h"
#include "daemon/evidence/mp4.h"
#include "tests/support/catch.h"
#include "tests/unit/evidence/coded_pictures.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::ClipFile;
using daemon::DecodeTimes;

namespace {

std::vector<std::int64_t> all(DecodeTimes& times) {
  std::vector<std::int64_t> out;
  while (const auto time = times.pop()) out.push_back(*time);
  return out;
}

using Bytes = std::vector<std::uint8_t>;

std::uint64_t whole(const Bytes& file, std::uint64_t size) {
  return daemon::whole_mp4(size, [&](std::uint64_t at) {
    const auto end = std::min<std::uint64_t>(size, at + 16);
    return Bytes(file.begin() + static_cast<std::ptrdiff_t>(at), file.begin() + static_cast<std::ptrdiff_t>(end));
  });
}

int count(const Bytes& file, std::string_view word) {
  int found = 0;
  for (auto at = file.begin(); (at = std::search(at, file.end(), word.begin(), word.end())) != file.end(); ++at)
    ++found;
  return found;
}

}  // namespace

TEST_CASE("times of decoding are told from times of showing") {
  DecodeTimes times;
  for (const std::int64_t shown : {1000, 1300, 1100, 1200, 1600, 1400, 1500}) times.push(shown);
  REQUIRE_FALSE(times.pop());  // an earlier one may still come
  times.end();
  REQUIRE(all(times) == std::vector<std::int64_t>{0, 100, 200, 300, 400, 500, 600});
  REQUIRE(times.origin() == 1000);
  REQUIRE(times.later() == 100);  // the second is shown after the third is decoded: all are shown so much later
}

TEST_CASE("times of decoding grow, whatever a stream says") {
  DecodeTimes times;
  for (const std::int64_t shown : {500, 500, 500, 400, 2'000'000, 3}) times.push(shown);
  times.end();
  const auto out = all(times);
  REQUIRE(out.size() == 6);
  REQUIRE(std::adjacent_find(out.begin(), out.end(), std::greater_equal<>()) == out.end());
}

TEST_CASE("a clip is written in fragments of a second, each whole") {
  Bytes file;
  std::vector<std::size_t> ends;
  const Coded coded;
  ClipFile clip(coded.format, [&](std::span<const std::uint8_t> bytes) {
    file.insert(file.end(), bytes.begin(), bytes.end());
    ends.push_back(file.size());
    return true;
  });
  REQUIRE(clip.begin());
  for (std::chrono::milliseconds time = 100s; time < 105s; time += 100ms)
    REQUIRE(clip.add(coded.at(time, time % 1s == 0ms)));
  REQUIRE(clip.end());
  REQUIRE(count(file, "moof") == 5);
  REQUIRE(clip.length_ticks() == 5 * daemon::kTicks);
  REQUIRE(ends.size() == 6);

  REQUIRE(whole(file, file.size()) == file.size());
  REQUIRE(whole(file, ends[3]) == ends[3]);
  REQUIRE(whole(file, ends[3] + 20) == ends[3]);  // cut off in the next one
  REQUIRE(whole(file, ends[3] - 1) == ends[2]);
  REQUIRE(whole(file, ends[0]) == 0);  // no picture yet
  REQUIRE(whole(Bytes(5000, 0), 5000) == 0);
}

TEST_CASE("a clip begins with its first keyframe, without what is shown before it") {
  Bytes file;
  const Coded coded;
  ClipFile clip(coded.format, [&](std::span<const std::uint8_t> bytes) {
    file.insert(file.end(), bytes.begin(), bytes.end());
    return true;
  });
  REQUIRE(clip.begin());
  REQUIRE(clip.add(coded.at(99s)));
  REQUIRE(clip.empty());
  REQUIRE(clip.add(coded.at(100s, true, 100200ms)));
  REQUIRE(clip.add(coded.at(100100ms, false, 100s)));  // of the group before
  REQUIRE(clip.add(coded.at(100200ms, false, 100300ms)));
  REQUIRE(clip.end());
  REQUIRE(clip.length_ticks() == 2 * daemon::kTicks / 10);
}

TEST_CASE("a disk that refuses is told at once") {
  const Coded coded;
  ClipFile clip(coded.format, [](auto) { return false; });
  REQUIRE_FALSE(clip.begin());
}
