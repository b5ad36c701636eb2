#include "tools/bench/metrics_page.h"

#include <cstdlib>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "tools/process/loopback_http.h"

namespace lynceus::tools {

MetricsPage MetricsPage::fetch(int port) {
  LoopbackAnswer answer = loopback_get(port, "/metrics");
  if (answer.status != 200) {
    throw Error(Exit::fatal, "bench", "/metrics of port " + std::to_string(port),
                answer.status == 0 ? "no answer" : "answered " + std::to_string(answer.status));
  }
  MetricsPage page;
  page.text_ = std::move(answer.body);
  return page;
}

double MetricsPage::sum(const std::string& name, const std::string& label) const {
  std::istringstream lines(text_);
  double total = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, name.size(), name) != 0) continue;
    const char next = line.size() > name.size() ? line[name.size()] : '\0';
    if (next != ' ' && next != '{') continue;
    if (!label.empty() && line.find(label) == std::string::npos) continue;
    total += std::strtod(line.c_str() + line.rfind(' '), nullptr);
  }
  return total;
}

}  // namespace lynceus::tools
