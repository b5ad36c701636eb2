// A real Prometheus scrapes a real daemon, with a token, and is asked what it has seen.
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"
#include "tests/support/child_process.h"

using namespace lynceus::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string command() { return std::string(LYNCEUS_BUILD_DIR) + "/bin/lynceus"; }

std::string escaped(const std::string& query) {
  std::string out;
  for (const unsigned char c : query) {
    const char* digits = "0123456789ABCDEF";
    if (std::isalnum(c)) {
      out += static_cast<char>(c);
    } else {
      out += std::string("%") + digits[c >> 4] + digits[c & 15];
    }
  }
  return out;
}

/// The first value of an instant query; nothing while there is none.
std::optional<double> ask(int port, const std::string& query) {
  try {
    const json answer = json::parse(http_get(port, "/api/v1/query?query=" + escaped(query)).body, nullptr, false);
    const auto& result = answer.at("data").at("result");
    if (result.empty()) return std::nullopt;
    return std::stod(result.at(0).at("value").at(1).get<std::string>());
  } catch (const std::exception&) {
    return std::nullopt;  // not up yet
  }
}

/// The port of "Listening on" in its log; 0: not there yet.
int port_of(const std::string& log) {
  static const std::regex listening(R"(address=127\.0\.0\.1:([1-9]\d*))");
  std::smatch match;
  return std::regex_search(log, match, listening) ? std::stoi(match[1]) : 0;
}

}  // namespace

TEST_CASE("a real Prometheus scrapes with a token and answers queries") {
  if (std::system("command -v prometheus >/dev/null 2>&1") != 0) {
    WARN("skipped: no prometheus (package prometheus)");
    return;
  }
  DaemonRun daemon;
  daemon.configure("  one: {url: 'sim://still?fps=10&size=320x240'}\n");
  ChildProcess token({"sh", "-c",
                      command() + " token add --state " + daemon.path("state") +
                          " --role view prometheus 2>/dev/null >" + daemon.path("token")});
  REQUIRE(token.wait(20s) == 0);
  daemon.start();
  REQUIRE(daemon.get("/metrics").status == 401);
  REQUIRE(daemon.get("/healthz").status == 200);

  std::ofstream(daemon.path("prometheus.yml"))
      << "global: {scrape_interval: 250ms, scrape_timeout: 200ms}\nscrape_configs:\n"
         "  - job_name: lynceus\n    authorization: {credentials_file: "
      << daemon.path("token") << "}\n    static_configs: [{targets: ['127.0.0.1:" << daemon.port() << "']}]\n";
  ChildProcess prometheus({"prometheus", "--config.file=" + daemon.path("prometheus.yml"),
                           "--storage.tsdb.path=" + daemon.path("tsdb"), "--web.listen-address=127.0.0.1:0",
                           "--log.level=info"});
  int port = 0;
  const bool listens = daemon.until([&] { return (port = port_of(prometheus.output())) > 0; }, 40s);
  INFO(prometheus.output());
  INFO(daemon.output());
  REQUIRE(listens);
  REQUIRE(daemon.until([&] { return ask(port, "up{job=\"lynceus\"}") == 1.0; }, 40s));
  CHECK(daemon.until([&] { return ask(port, "lynceus_camera_up{camera=\"one\"}") == 1.0; }, 40s));
  CHECK(daemon.until([&] { return ask(port, "rate(lynceus_camera_frames_analyzed_total{camera=\"one\"}[5s])") > 1.0; },
                     40s));
  CHECK(ask(port, "sum(lynceus_alarms_active)").has_value());
  CHECK(ask(port, "sum(lynceus_alarms_total{camera=\"one\"})").has_value());
  CHECK(ask(port, "histogram_quantile(0.9, sum by (le) (rate(lynceus_stage_duration_seconds_bucket[5s])))") > 0.0);
}

TEST_CASE("the example of the scrape configuration is one") {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    WARN("skipped: no promtool (package prometheus)");
    return;
  }
  ChildProcess promtool({"promtool", "check", "config", "--syntax-only",
                         std::string(std::getenv("LYNCEUS_SOURCE_DIR")) + "/dashboards/prometheus.yml"});
  INFO(promtool.output());
  CHECK(promtool.wait(30s) == 0);
}
