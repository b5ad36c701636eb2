// Real pictures and streams are not part of the repository; tests that want them look here and skip where they are absent.
#pragma once

#include <optional>
#include <string>

namespace lynceus::test {

/// Path below the data folder ($LYNCEUS_DATA, else ../shared beside the checkout); nothing when it is not there.
std::optional<std::string> shared_path(const std::string& below);

}  // namespace lynceus::test

/// Ends the test case with a visible word when the data is not there.
#define LYNCEUS_NEED_DATA(variable, below)                   \
  const auto variable = ::lynceus::test::shared_path(below); \
  if (!variable) {                                           \
    WARN("skipped: no " << (below));                         \
    return;                                                  \
  }
