// A real lynceusd for a test: its own folder, plugins, state and port.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_folder.h"

namespace lynceus::test {

class DaemonRun {
 public:
  /// `plugins` by name, from the real ones and those of tests/plugins.
  explicit DaemonRun(const std::vector<std::string>& plugins = {"health"});

  /// The `cameras:` section; server, storage and plugins are added.
  void configure(const std::string& cameras, const std::string& server = "");
  /// Any text at all.
  void write_config(const std::string& text);
  std::string config_file() const { return folder_ / "lynceus.yaml"; }
  std::string path(const std::string& name) const { return folder_ / name; }

  void start(const std::map<std::string, std::string>& environment = {});
  void signal(int number) const { child_->signal(number); }
  std::optional<int> wait(std::chrono::milliseconds within) { return child_->wait(within); }
  std::string output() const { return child_->output(); }

  int port() const { return port_; }
  HttpAnswer get(const std::string& target) const { return http_get(port_, target); }
  /// The value of one series; nothing when it is not there.
  std::optional<double> metric(const std::string& series) const;
  /// Waits until it is so; false when the time is over or the daemon ended.
  bool until(const std::function<bool()>& so, std::chrono::seconds within = std::chrono::seconds{20});
  bool until_metric(const std::string& series, const std::function<bool(double)>& so);

 private:
  void wait_for_port();

  TempFolder folder_;
  std::unique_ptr<ChildProcess> child_;
  int port_ = 0;
};

}  // namespace lynceus::test
