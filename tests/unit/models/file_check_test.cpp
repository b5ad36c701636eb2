// Whether a file is the network that its name promises.
#include "pipeline/models/file_check.h"

#include <filesystem>
#include <span>
#include <string>

#include "pipeline/models/sha256.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/models/a_network.h"

namespace lynceus::test {
namespace {

using models::FileState;

TEST_CASE("SHA-256 as FIPS 180 has it, in pieces too") {
  models::Sha256 sum;
  const std::string text = "abc";
  for (const char& c : text) sum.add(std::as_bytes(std::span(&c, 1)));
  REQUIRE(sum.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a file is summed up to a bound; what is no file is not") {
  const TempFolder folder;
  write_file(folder / "a", kBytes);
  REQUIRE(models::sum_of_file(folder / "a", 17)->sha256 == kSum);
  REQUIRE_FALSE(models::sum_of_file(folder / "a", 16).has_value());
  REQUIRE_FALSE(models::sum_of_file(folder.path(), 1000).has_value());
  REQUIRE_FALSE(models::sum_of_file(folder / "none", 1000).has_value());
}

TEST_CASE("right, missing, of another size, of other bytes") {
  const TempFolder folder;
  const models::ModelFile file{"a", 17, kSum, ""};
  REQUIRE(models::check(folder / "a", file) == FileState::missing);
  write_file(folder / "a", kBytes);
  REQUIRE(models::check(folder / "a", file) == FileState::right);
  write_file(folder / "a", kBytes + "!");
  REQUIRE(models::check(folder / "a", file) == FileState::wrong_size);
  write_file(folder / "a", "no network at ALL");
  REQUIRE(models::check(folder / "a", file) == FileState::wrong_sum);
  REQUIRE(models::check(folder.path(), file) == FileState::unreadable);
}

TEST_CASE("what is wrong with a network that a configuration names") {
  const TempFolder folder;
  const auto list = models::ModelList::parse(list_text());
  const auto problem = [&](const std::string& name) { return models::network_problem(folder / name, list); };
  REQUIRE(problem("picture.png").empty());  // nobody's business here
  REQUIRE(problem("mine.onnx") == "is missing");
  write_file(folder / "mine.onnx", "anything");
  REQUIRE(problem("mine.onnx").empty());
  const std::string pull = "; `lynceus models pull tiny` fetches it";
  REQUIRE(problem("tiny.weights") == "is missing" + pull);
  write_file(folder / "tiny.weights", kBytes);
  REQUIRE(problem("tiny.weights") == "needs its description (.cfg) beside it, which is missing" + pull);
  write_file(folder / "tiny.cfg", kBytes);
  REQUIRE(problem("tiny.weights").empty());
  write_file(folder / "tiny.weights", "another network");
  REQUIRE(problem("tiny.weights") ==
          "is not the network of that name (tiny, by its SHA-256)" + pull + ", another network needs another name");
}

}  // namespace
}  // namespace lynceus::test
