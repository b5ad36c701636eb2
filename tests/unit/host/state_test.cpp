#include <cstddef>
#include <memory>
#include <vector>

#include "pipeline/host/analyzer_slot.h"
#include "tests/support/catch.h"

namespace lynceus::host {
namespace {

std::vector<std::byte> blob(std::size_t size) { return std::vector<std::byte>(size, std::byte{7}); }
constexpr std::size_t kMiB = std::size_t{1} << 20;

TEST_CASE("blobs are kept by camera, plugin and name") {
  const auto store = make_memory_state();
  REQUIRE_FALSE(store->read("cam", "a", "x"));
  REQUIRE(store->write("cam", "a", "x", blob(3)));
  REQUIRE(store->read("cam", "a", "x") == blob(3));
  REQUIRE_FALSE(store->read("cam", "b", "x"));
  REQUIRE_FALSE(store->read("other", "a", "x"));
}

TEST_CASE("a camera's blobs are bounded together, and a refused write changes nothing") {
  const auto store = make_memory_state();
  REQUIRE(store->write("cam", "a", "x", blob(10 * kMiB)));
  REQUIRE_FALSE(store->write("cam", "b", "y", blob(7 * kMiB)));
  REQUIRE(store->write("cam", "b", "y", blob(6 * kMiB)));
  REQUIRE_FALSE(store->write("cam", "a", "x", blob(10 * kMiB + 1)));
  REQUIRE(store->read("cam", "a", "x")->size() == 10 * kMiB);
  REQUIRE(store->write("cam", "a", "x", blob(1)));
  REQUIRE(store->write("cam", "b", "y", blob(15 * kMiB)));
  REQUIRE(store->write("other", "a", "x", blob(16 * kMiB)));
}

}  // namespace
}  // namespace lynceus::host
