// A daemon with one good camera that is given hostile ones in batches, by reload, and must come through.
//
//   HostileDaemon daemon;
//   daemon.batch({{"a", url}}, [&](const auto& cameras) { return told(cameras.at("a")); });
//   daemon.end();
//
// Thread: bound to its owner.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/daemon_run.h"

namespace lynceus::test {

class HostileDaemon {
 public:
  HostileDaemon();

  using Urls = std::map<std::string, std::string>;
  using Cameras = std::map<std::string, nlohmann::json>;  ///< as the API tells of them, by id
  /// Watches these beside the good one until `enough` or so many seconds have passed; then the good one is alone again.
  /// Requires that the daemon lives and the good camera streams on. True when it was enough.
  bool batch(const Urls& urls, const std::function<bool(const Cameras&)>& enough, std::chrono::seconds within);
  /// Resident memory while the good camera is alone, MiB.
  double resident_mib() const;
  /// Whether no more threads are left before long than there are with the good camera alone, give or take a few.
  bool threads_settle();
  /// SIGTERM: requires a clean end in less than two seconds.
  void end();

 private:
  void reload(const Urls& urls);
  Cameras cameras() const;
  void require_alive(const std::string& when);

  DaemonRun daemon_;
  double threads_alone_ = 0;
};

/// Whether the daemon has made up its mind: pictures come, or it says why not.
bool fate_known(const nlohmann::json& camera);

}  // namespace lynceus::test
