#include "config/scalars.h"

#include "tests/support/catch.h"

namespace lynceus::config {
namespace {

TEST_CASE("numbers are decimal and finite") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("-12") == -12);
  for (const char* text : {"", "+1", "01", "0x10", "1_0", "1.0", "1e3", " 1", "1 ", "-", "9223372036854775808"})
    CHECK_FALSE(parse_integer(text));
  CHECK(parse_number("0.5") == 0.5);
  CHECK(parse_number("1e-3") == 0.001);
  for (const char* text : {"", "nan", "inf", "-inf", ".nan", "1e999", "0x1p3", "1,5", "00.5"})
    CHECK_FALSE(parse_number(text));
}

TEST_CASE("durations and sizes have units") {
  CHECK(parse_duration("500ms") == 0.5);
  CHECK(parse_duration("1.5m") == 90);
  CHECK(parse_duration("2h") == 7200);
  for (const char* text : {"", "5", "s", "5 s", "5sec", "1e3s", "1m30s"}) CHECK_FALSE(parse_duration(text));
  CHECK(parse_size("1024") == 1024);
  CHECK(parse_size("2GiB") == std::int64_t{2} << 30);
  CHECK(parse_size("1.5kB") == 1500);
  for (const char* text : {"", "GiB", "1gb", "0.5", "1e30TiB"}) CHECK_FALSE(parse_size(text));
}

TEST_CASE("times of day") {
  CHECK(parse_clock("00:00") == 0);
  CHECK(parse_clock("24:00") == 1440);
  for (const char* text : {"8:00", "24:01", "12:60", "12-30", "aa:bb", ""}) CHECK_FALSE(parse_clock(text));
}

TEST_CASE("texts of values read back") {
  for (const double seconds : {0.0, 0.25, 1.0, 90.0, 3600.0, 86400.0})
    CHECK(parse_duration(duration_text(seconds)) == seconds);
  for (const std::int64_t bytes : {1L, 1024L, 5L << 20, 3L << 30, 1L << 50})
    CHECK(parse_size(size_text(bytes)) == bytes);
  CHECK(clock_text(510) == "08:30");
}

}  // namespace
}  // namespace lynceus::config
