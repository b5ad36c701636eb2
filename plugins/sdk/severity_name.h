// How a severity is written: in JSON, labels, messages and the configuration. Thread: a pure function.
#pragma once

#include "plugins/sdk/observations.h"

namespace lynceus::sdk {

constexpr const char* name(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::critical:
      return "critical";
  }
  return "info";
}

}  // namespace lynceus::sdk
