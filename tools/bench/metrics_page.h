// The daemon's /metrics as a bench reads it: fetched over loopback, summed over the series of a family.
#pragma once

#include <string>

namespace lynceus::tools {

class MetricsPage {
 public:
  /// GET http://127.0.0.1:PORT/metrics. Throws Error (Exit::fatal).
  static MetricsPage fetch(int port);
  /// The sum over all series of this name; `label` narrows to those whose braces hold this text.
  double sum(const std::string& name, const std::string& label = {}) const;

 private:
  std::string text_;
};

}  // namespace lynceus::tools
