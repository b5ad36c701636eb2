#include "daemon/api/file_part.h"

#include <cstdint>
#include <string>
#include <utility>

#include "tests/support/catch.h"

using namespace lynceus::daemon::http;

namespace {

FilePart asked(const std::string& range, std::uint64_t size = 1000) {
  return part_of({"/clip.mp4", "video/mp4", range}, size);
}

std::string content_range(const FilePart& part) {
  for (const auto& [name, value] : part.head.headers) {
    if (name == "Content-Range") return value;
  }
  return {};
}

}  // namespace

TEST_CASE("without a range, or with one that is nonsense, a file is sent whole") {
  for (const char* range : {"", "bytes", "bytes=", "bytes=-", "lines=1-2", "bytes=5-2", "bytes=1-2,4-5", "bytes=a-b",
                            "bytes=99999999999999999999-", "bytes=-99999999999999999999", "bytes= 1-2", "bytes=+1-2"}) {
    INFO(range);
    const FilePart part = asked(range);
    CHECK(part.head.status == 200);
    CHECK(part.head.type == "video/mp4");
    CHECK(part.begin == 0);
    CHECK(part.end == 1000);
    CHECK(content_range(part).empty());
  }
}

TEST_CASE("a range is sent as far as the file goes") {
  const auto check = [](const char* range, std::uint64_t begin, std::uint64_t end) {
    INFO(range);
    const FilePart part = asked(range);
    CHECK(part.head.status == 206);
    CHECK(part.begin == begin);
    CHECK(part.end == end);
    CHECK(content_range(part) == "bytes " + std::to_string(begin) + "-" + std::to_string(end - 1) + "/1000");
  };
  check("bytes=0-0", 0, 1);
  check("bytes=10-19", 10, 20);
  check("bytes=990-", 990, 1000);
  check("bytes=999-18446744073709551615", 999, 1000);
  check("bytes=-1", 999, 1000);
  check("bytes=-5000", 0, 1000);
}

TEST_CASE("a range outside the file is refused with the file's size") {
  for (const char* range : {"bytes=1000-", "bytes=5000-6000", "bytes=-0"}) {
    INFO(range);
    const FilePart part = asked(range);
    CHECK(part.head.status == 416);
    CHECK(part.begin == part.end);
    CHECK(content_range(part) == "bytes */1000");
  }
  CHECK(asked("bytes=0-", 0).head.status == 416);
  CHECK(asked("bytes=-1", 0).head.status == 416);
  CHECK(asked("", 0).head.status == 200);
}
