// How the daemon is: what is done once a second, and what it answers to systemd, /readyz and Prometheus.
//
// Owner: App, for as long as the io threads run. Thread: any.
#pragma once

#include <atomic>
#include <string>

#include "daemon/app/parts.h"
#include "daemon/app/service_manager.h"
#include "pipeline/host/plugin_host.h"

namespace lynceus::daemon {

class Upkeep {
 public:
  Upkeep(const Parts& parts, const host::PluginHost& plugins, const ServiceManager& service, const Clock& clock)
      : parts_(parts), plugins_(plugins), service_(service), clock_(clock) {}

  void each_second();
  void feed_watchdog() const;
  void http_up() { http_up_ = true; }

  /// "7 of 8 cameras streaming".
  std::string summary() const;
  /// Why not ready; empty: ready.
  std::string unready() const;
  /// Prometheus text.
  std::string metrics() const;

 private:
  bool alive() const;
  AlarmFigures alarms() const;

  const Parts& parts_;
  const host::PluginHost& plugins_;
  const ServiceManager& service_;
  const Clock& clock_;
  std::atomic<bool> http_up_{false};
};

}  // namespace lynceus::daemon
