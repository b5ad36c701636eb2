#include "tests/support/shared_data.h"

#include <cstdlib>
#include <filesystem>

namespace lynceus::test {

std::optional<std::string> shared_path(const std::string& below) {
  const char* given = std::getenv("LYNCEUS_DATA");
  const char* source = std::getenv("LYNCEUS_SOURCE_DIR");
  const std::filesystem::path root =
      given ? std::filesystem::path(given) : std::filesystem::path(source ? source : ".") / "../shared";
  const auto path = root / below;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path.lexically_normal().string();
}

}  // namespace lynceus::test
