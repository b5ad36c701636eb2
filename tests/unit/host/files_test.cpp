#include <fstream>
#include <stdexcept>
#include <string>

#include "pipeline/host/slot_services.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace lynceus::host {
namespace {

TEST_CASE("a small file comes as it is; what is none is told with its path") {
  const test::TempFolder folder;
  const std::string path = folder / "boxes.txt", text("1,-1,10\n\0end", 12);
  std::ofstream(path, std::ios::binary) << text;
  SlotFiles files;
  REQUIRE(files.read(path) == text);
  for (const std::string& wrong : {folder / "missing.txt", folder.path(), std::string("/dev/zero")}) {
    try {
      files.read(wrong);
      FAIL(wrong);
    } catch (const std::runtime_error& error) {
      REQUIRE(std::string(error.what()).find(wrong) == 0);
    }
  }
}

}  // namespace
}  // namespace lynceus::host
