#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"
#include "tools/simulate/clip_cache.h"
#include "tools/simulate/clip_file.h"
#include "tools/simulate/elementary.h"

namespace lynceus::tools {
namespace {

std::string stream(std::initializer_list<std::string> nals) {
  std::string bytes;
  for (const auto& nal : nals) bytes += std::string("\0\0\0\1", 4) + nal;
  return bytes;
}

Clip cut(const std::string& bytes, Codec codec = Codec::h264) {
  return cut_elementary(std::as_bytes(std::span(bytes)), codec, "test");
}

Clip small_clip() { return cut(stream({"\x67sps", "\x68pps", "\x65\x88idr", "\x41\x9apicture", "\x41\x9aone more"})); }

TEST_CASE("a byte stream is cut before the first slice of a picture and what belongs to it") {
  const Clip clip = cut(stream({"\x67sps", "\x68pps",
                                "\x65\x88"
                                "first",
                                "\x65\x10second slice", "\x06sei", "\x41\x9anext", "\x41\x9athird"}));
  REQUIRE(clip.units.size() == 3);
  REQUIRE(clip.units[0].key);
  REQUIRE_FALSE(clip.units[1].key);
  REQUIRE(clip.unit(1).size() == 4 + 4 + 4 + 6);  // message and slice with their start codes
  std::size_t total = 0;
  for (const auto& unit : clip.units) total += unit.size;
  REQUIRE(total == clip.bytes.size());
}

TEST_CASE("H.265 tells its first slice by a flag") {
  const Clip clip = cut(stream({"\x40\x01vps", "\x42\x01sps", "\x44\x01pps", "\x26\x01\xaf", "\x26\x01\x20",
                                "\x02\x01\xd0", "\x02\x01\xd0"}),
                        Codec::h265);
  REQUIRE(clip.units.size() == 3);
  REQUIRE(clip.units[0].key);
}

TEST_CASE("JPEG pictures end with their marker and tell their size") {
  const std::string jpeg("\xff\xd8\xff\xc0\x00\x11\x08\x01\xe0\x02\x80\x03\xff\xd9", 14);
  const Clip clip = cut(jpeg + jpeg, Codec::mjpeg);
  REQUIRE(clip.units.size() == 2);
  REQUIRE(clip.width == 640);
  REQUIRE(clip.height == 480);
}

TEST_CASE("what holds no picture is refused") {
  REQUIRE_THROWS_AS(cut(""), Error);
  REQUIRE_THROWS_AS(cut("no video at all"), Error);
  REQUIRE_THROWS_AS(cut(stream({"\x67sps", "\x68pps"})), Error);
  REQUIRE_THROWS_AS(read_clip_file("/does/not/exist.mp4", 0), Error);
}

TEST_CASE("a clip in the cache is made once and comes back the same") {
  const test::TempFolder folder;
  const ClipCache cache(folder / "clips");
  int made = 0;
  const auto make = [&] { return ++made, small_clip(); };
  const auto first = cache.get("recipe", make);
  const auto second = cache.get("recipe", make);
  REQUIRE(made == 1);
  REQUIRE(second->bytes == first->bytes);
  REQUIRE(second->units.size() == first->units.size());
  cache.get("another", make);
  REQUIRE(made == 2);
  REQUIRE((std::filesystem::status(folder / "clips").permissions() & std::filesystem::perms(077)) ==
          std::filesystem::perms::none);
}

TEST_CASE("a folder others can write is not used") {
  const test::TempFolder folder;
  std::filesystem::create_directory(folder / "open");
  std::filesystem::permissions(folder / "open", std::filesystem::perms::all);
  const ClipCache cache(folder / "open");
  int made = 0;
  for (int i = 0; i < 2; ++i) cache.get("recipe", [&] { return ++made, small_clip(); });
  REQUIRE(made == 2);
}

TEST_CASE("a damaged file of the cache is made anew") {
  const test::TempFolder folder;
  const ClipCache cache(folder / "clips");
  int made = 0;
  const auto make = [&] { return ++made, small_clip(); };
  cache.get("recipe", make);
  for (const auto& entry : std::filesystem::directory_iterator(folder / "clips"))
    if (entry.path().extension() == ".clip") std::filesystem::resize_file(entry.path(), 60);
  REQUIRE(cache.get("recipe", make)->units.size() == 3);
  REQUIRE(made == 2);
}

TEST_CASE("no file of any length gets past the reader") {
  const auto whole = pack(small_clip());
  REQUIRE(unpack(whole).units.size() == 3);
  for (std::size_t length = 0; length < whole.size(); ++length)
    REQUIRE_THROWS_AS(unpack(whole.substr(0, length)), Error);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto bent = whole;
    bent[i] = static_cast<char>(bent[i] ^ 0x80);
    try {
      const Clip clip = unpack(bent);
      for (std::size_t u = 0; u < clip.units.size(); ++u) REQUIRE(clip.unit(u).size() <= clip.bytes.size());
    } catch (const Error&) {
    }
  }
}

TEST_CASE("every real stream is cut without losing a byte after its first start code") {
  LYNCEUS_NEED_DATA(folder, "data/streams/h264");
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    const Clip clip = read_clip_file(entry.path().string(), 0);
    REQUIRE(clip.fps == 25);
    REQUIRE(clip.bytes.size() + 64 >= entry.file_size());
  }
}

}  // namespace
}  // namespace lynceus::tools
