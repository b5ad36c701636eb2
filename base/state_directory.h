// Where the service manager wants state kept. Thread: reads the environment, which nobody changes.
#pragma once

#include <optional>
#include <string>

namespace lynceus {

/// The first folder of $STATE_DIRECTORY; nothing where it says none.
std::optional<std::string> service_state_directory();

/// That, else ./lynceus-state.
std::string default_state_directory();

}  // namespace lynceus
