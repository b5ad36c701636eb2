// One sink's way out. Made and ended by the Notifier; what a lane does never holds up another.
// Thread: every member any.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "daemon/notify/notifier.h"

namespace lynceus::daemon::notify {

class Lane {
 public:
  virtual ~Lane() = default;  ///< after stop()
  /// Something is owed to this sink.
  virtual void owed() = 0;
  /// Cameras came or went.
  virtual void refresh() {}
  /// A reload: a sink that was disabled by its receiver is tried again.
  virtual void revive() = 0;
  virtual void test(std::function<void(bool delivered, const std::string& line)> done) = 0;
  /// Nothing is sent from now on; does not wait.
  virtual void stop() = 0;
  /// After stop(): nothing of it runs any more, so that ending it does not wait.
  virtual bool ended() const { return true; }
  virtual Notifier::Status status() const = 0;
};

std::unique_ptr<Lane> make_webhook_lane(const config::SinkSettings& sink, const Notifier::Parts& parts);
std::unique_ptr<Lane> make_mqtt_lane(const config::SinkSettings& sink, const Notifier::Parts& parts);

}  // namespace lynceus::daemon::notify
