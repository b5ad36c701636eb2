#include "base/state_directory.h"

#include <cstdlib>

namespace lynceus {

std::optional<std::string> service_state_directory() {
  const char* given = std::getenv("STATE_DIRECTORY");
  if (given == nullptr || *given == '\0') return std::nullopt;
  const std::string all = given;
  return all.substr(0, all.find(':'));
}

std::string default_state_directory() { return service_state_directory().value_or("lynceus-state"); }

}  // namespace lynceus
