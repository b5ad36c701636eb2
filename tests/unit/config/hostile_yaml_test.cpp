// YAML made to hurt: refused with a message or read, never a crash, a hang or a hidden key.
#include <chrono>
#include <random>

#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

std::string repeated(const std::string& part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

std::string first_problem(const std::string& yaml) {
  const auto all = problems_of(yaml);
  return all.empty() ? "" : all[0];
}

TEST_CASE("64 levels and no more") {
  CHECK(first_problem("a: " + repeated("[", 63) + repeated("]", 63)).find("unknown key") != std::string::npos);
  CHECK(first_problem("a: " + repeated("[", 64) + repeated("]", 64)).find("more than 64 levels") != std::string::npos);
}

TEST_CASE("depth does not reach the stack") {
  for (const std::string part : {"[", "{a: ", "- ", "? ", "[? ", "{? ", "!a [", "&a [", "\"a\": [", "a: {"}) {
    INFO(part);
    CHECK_FALSE(first_problem(repeated(part, 200'000 / static_cast<int>(part.size()))).empty());
  }
  std::string indented;
  for (int i = 0; i < 700; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(first_problem(indented).find("more than 64 levels") != std::string::npos);
}

TEST_CASE("text that is no YAML") {
  CHECK(first_problem("site: [1, 2").find("no valid YAML") != std::string::npos);
  CHECK(first_problem("server:\n\tport: 1\n").find("no valid YAML") != std::string::npos);
  CHECK(first_problem(std::string("site: a\0b\n", 10)) == "t.yaml:1:8: a NUL byte; the file must be UTF-8 text");
  CHECK(first_problem(std::string(2 << 20, ' ')) == "t.yaml: more than 1 MiB; accepted: at most 1048576 bytes");
}

TEST_CASE("a billion laughs are not laughed") {
  std::string yaml = "a: &a [x, x]\n";
  for (char c = 'b'; c < 'k'; ++c) yaml += std::string(1, c) + ": &" + c + " [*" + static_cast<char>(c - 1) + "]\n";
  CHECK(first_problem(yaml).find("anchors") != std::string::npos);
}

TEST_CASE("a long flat file takes no time to speak of", "[heavy]") {
  const auto begin = std::chrono::steady_clock::now();
  std::string keys;
  for (int i = 0; keys.size() < 1'000'000; ++i) keys += "k" + std::to_string(i) + ": [1, 2, {a: b}]\n";
  CHECK_FALSE(first_problem(keys).empty());
  CHECK_FALSE(first_problem("site: " + std::string(1'000'000, 'x')).empty());
  CHECK_FALSE(first_problem("server: {hosts: [" + repeated("a, ", 300'000) + "]}").empty());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("mutated files never crash the loader") {
  const std::string seed =
      "site: a\nserver: {port: 80, hosts: [x, 'y']}\ndefaults:\n  fps: 5\n  analyzers: {people: {scale: {low: 1}}}\n"
      "cameras:\n  a:\n    url: \"rtsp://u:p@h/s\"\n    zones: {z: {polygon: [[0, 0], [1, 0], [1, 1]]}}\n"
      "    arm:\n      - days: [mon-fri]\n        from: \"18:00\"\n  b: {streams: {detect: sim://card}}\n";
  const std::string alphabet = ":-{}[],\"'#&*!|>%@`?\n \t0a~<\\$";
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  int accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = seed;
    for (std::size_t n = 1 + below(4); n > 0 && !text.empty(); --n) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = alphabet[below(alphabet.size())];
          break;
        case 1:
          text.insert(at, 1, alphabet[below(alphabet.size())]);
          break;
        case 2:
          text.erase(at, 1 + below(5));
          break;
        default:
          text.insert(at, text.substr(below(text.size()), below(20)));
          break;
      }
    }
    if (problems_of(text).empty()) ++accepted;
  }
  CHECK(accepted > 0);
  CHECK(accepted < 3000);
}

}  // namespace
}  // namespace lynceus::test
