#include "pipeline/host/elf_note.h"

#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/sdk/plugin.h"
#include "tests/support/catch.h"
#include "tests/unit/host/plugin_files.h"

namespace lynceus::host {
namespace {

using test::OwnFolder;
using test::test_plugin;

std::vector<std::byte> bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::byte> bytes;
  for (std::istreambuf_iterator<char> it(in), end; it != end; ++it) bytes.push_back(static_cast<std::byte>(*it));
  return bytes;
}

std::string refusal(const std::vector<std::byte>& bytes) {
  try {
    parse_plugin_note(bytes);
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

/// Must end in a note or in a reason; anything else ends the test run.
void must_not_crash(const std::vector<std::byte>& bytes) {
  try {
    const PluginNote note = parse_plugin_note(bytes);
    REQUIRE(note.built_for.size() < 4096);
  } catch (const std::runtime_error& error) {
    REQUIRE(std::strlen(error.what()) > 0);
  }
}

TEST_CASE("the note of a plugin says what it was built for") {
  const PluginNote note = read_plugin_note(test_plugin("teller"));
  REQUIRE(note.built_for == LYNCEUS_BUILT_FOR);
  REQUIRE(note.plugin == "teller");
  REQUIRE(note.built_for.find("sdk=" LYNCEUS_TEXT(LYNCEUS_SDK_VERSION) ";opencv=4.") == 0);
}

TEST_CASE("what is no plugin is refused with its reason") {
  const OwnFolder folder;
  folder.write("text.so", "this is no library\n");
  folder.write("empty.so", "");
  const auto why = [](const std::string& file) {
    try {
      read_plugin_note(file);
      return std::string();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
  };
  REQUIRE(why(folder.file("text.so")) == "not a shared library (too short for ELF)");
  REQUIRE(why(folder.file("empty.so")) == "not a shared library (too short for ELF)");
  REQUIRE(why(folder.file("absent.so")) == "No such file or directory");
  REQUIRE(why(folder.path()) == "not a regular file");
  REQUIRE(why("/dev/zero") == "not a regular file");
  REQUIRE(why(test_plugin("no_note")) == "has no plugin note (not built with LYNCEUS_PLUGIN)");
  REQUIRE(refusal(std::vector<std::byte>(1000)) == "not a shared library (no ELF signature)");
}

TEST_CASE("libraries for other machines are refused") {
  std::vector<std::byte> bytes = bytes_of(test_plugin("listener"));
  const auto with = [&](std::size_t at, int value) {
    auto copy = bytes;
    copy[at] = static_cast<std::byte>(value);
    return refusal(copy);
  };
  REQUIRE(with(4, 1) == "not a 64-bit library");
  REQUIRE(with(5, 2) == "not a little-endian library");
  REQUIRE(with(16, 2) == "not a shared library (an ELF file of another type)");
  REQUIRE(with(18, 3) == "built for another kind of processor");
  REQUIRE(with(0, 0) == "not a shared library (no ELF signature)");
}

TEST_CASE("a file too large for a plugin is refused unread") {
  const ByteSource huge{std::uint64_t{1} << 62, [](std::uint64_t, std::span<std::byte>) { return false; }};
  REQUIRE_THROWS_AS(parse_plugin_note(huge), std::runtime_error);
  const OwnFolder folder;
  folder.write("sparse.so", "");
  std::filesystem::resize_file(folder.file("sparse.so"), (std::uintmax_t{256} << 20) + 1);
  REQUIRE_THROWS_WITH(read_plugin_note(folder.file("sparse.so")), "larger than 256 MiB");
}

TEST_CASE("a cut plugin file never crashes the parser") {
  const std::vector<std::byte> whole = bytes_of(test_plugin("listener"));
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 50) {
    must_not_crash({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
  }
}

TEST_CASE("flipped bits never crash the parser") {
  const std::vector<std::byte> whole = bytes_of(test_plugin("listener"));
  std::mt19937 random(7);
  const std::size_t headers = std::min<std::size_t>(whole.size(), 4096);
  for (int round = 0; round < 3000; ++round) {
    auto copy = whole;
    for (int flips = 1 + round % 4; flips > 0; --flips) {
      // The head, the section headers at the end, or anywhere.
      std::size_t at = random() % whole.size();
      if (round % 3 == 0) at = random() % 64;
      if (round % 3 == 1) at = whole.size() - 1 - random() % headers;
      copy[at] ^= static_cast<std::byte>(1u << (random() % 8));
    }
    must_not_crash(copy);
  }
}

TEST_CASE("the difference between two builds is told in words") {
  const std::string ours = "sdk=1;opencv=4.6;abi=a;sanitizer=none";
  REQUIRE(build_difference(ours, ours).empty());
  REQUIRE(build_difference("sdk=0;opencv=4.6;abi=a;sanitizer=none", ours) == "built for sdk 0, this is sdk 1");
  REQUIRE(build_difference("sdk=1;opencv=3.4;abi=a;sanitizer=address", ours) ==
          "built for opencv 3.4, this is opencv 4.6; built for sanitizer address, this is sanitizer none");
  REQUIRE(build_difference("", ours).find("built for sdk nothing known") == 0);
  REQUIRE(build_difference(ours + ";more=1", ours) == "its note has another form");
}

}  // namespace
}  // namespace lynceus::host
