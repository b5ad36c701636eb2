#include <stdexcept>

#include "daemon/notify/lane.h"

namespace lynceus::daemon::notify {

std::unique_ptr<Lane> make_mqtt_lane(const config::SinkSettings&, const Notifier::Parts&) {
  throw std::runtime_error("MQTT is not built in yet");
}

}  // namespace lynceus::daemon::notify
