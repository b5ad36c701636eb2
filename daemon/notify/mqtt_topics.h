// Names of topics, and the two kinds of documents Home Assistant discovers us by. Thread: pure functions.
//
//   lynceus/<site>/status                 online | offline (last will), retained
//   lynceus/<site>/<camera>/<kind>        {"state","active","severity","summary"}, retained; camera "_site": the site's
//   own lynceus/<site>/<camera>/set           {"enabled": bool}, from others
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/alarm_settings.h"

namespace lynceus::daemon::notify {

/// A (camera, kind) whose state is kept retained; an empty camera is the site itself.
struct StateTopic {
  std::string camera, kind;
  auto operator<=>(const StateTopic&) const = default;
};

class Topics {
 public:
  Topics(const config::SinkSettings& sink, std::string site, std::string version);

  std::string status() const { return root_ + "/status"; }
  std::string test() const { return root_ + "/test"; }
  std::string state(const StateTopic& of) const;
  std::string command(const std::string& camera) const { return root_ + "/" + camera + "/set"; }
  std::string all_states() const { return root_ + "/+/+"; }
  std::string all_commands() const { return root_ + "/+/set"; }
  /// What a topic below ours is the state of; nothing for commands and others.
  std::optional<StateTopic> state_of(std::string_view topic) const;
  /// The camera a command is for.
  std::optional<std::string> commanded(std::string_view topic) const;

  struct Document {
    std::string topic, body;
  };
  /// Home Assistant: a binary sensor for a kind of alarm, and a switch for the camera.
  Document sensor(const StateTopic& of, const std::string& camera_name) const;
  Document enable_switch(const std::string& camera, const std::string& camera_name) const;

 private:
  std::string device(const std::string& camera, const std::string& camera_name) const;

  const config::SinkSettings sink_;
  const std::string site_, version_, root_;
};

/// Of a command's payload; nothing when it is none.
std::optional<bool> parse_command(std::string_view payload);

}  // namespace lynceus::daemon::notify
