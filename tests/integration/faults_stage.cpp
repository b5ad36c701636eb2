#include "tests/integration/faults_stage.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "tests/integration/daemon_run.h"
#include "tests/support/simulator.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Steady = std::chrono::steady_clock;

constexpr double kFps = 10;
constexpr auto kPatience = 45s;  // for a fault to show and, again, for it to be over
const std::vector<std::string> kOthers{"other-a", "other-b"};

/// What must be seen while the fault lasts.
using Expected = std::function<bool(const Sight& before, const Sight& now)>;

struct Role {
  std::string fault;       ///< the camera's id, too
  std::string told;        ///< to the simulator
  double warm_frames = 0;  ///< before the fault: a view has to be learned before it can be missed
  Expected expected;
};

Expected state(const std::string& name) {
  return [name](const Sight&, const Sight& now) { return now.state == name; };
}
Expected health(const std::string& name) {
  return [name](const Sight&, const Sight& now) { return now.state == "streaming" && now.health == name; };
}
bool loses(const Sight& before, const Sight& now) {
  return now.state == "streaming" && now.decode_errors > before.decode_errors;
}

std::vector<Role> roles() {
  const double quick = 30, learned = 180;
  return {
      {"drop", "drop", quick, state("offline")},
      {"stall", "stall", quick, state("stalled")},
      {"freeze", "freeze", quick, health("frozen")},
      {"black", "black", quick, health("dark")},
      {"garbage", "garbage", quick, loses},
      {"resolution", "resolution", quick,
       [](const Sight& before, const Sight& now) {
         return now.state == "streaming" && now.width == 2 * before.width && now.height == 2 * before.height;
       }},
      {"codec", "codec", quick,
       [](const Sight& before, const Sight& now) {
         return now.state == "streaming" && !now.codec.empty() && now.codec != before.codec;
       }},
      {"auth", "auth", quick, state("unauthorized")},
      {"loss", "loss:20", quick, loses},
      {"slow", "slow", quick,
       [](const Sight&, const Sight& now) {
         return now.state == "streaming" && now.health == "ok" && now.fps < 0.7 * kFps;
       }},
      {"cover", "cover", learned, health("covered")},
      {"move", "move", learned, health("moved")},
      {"crash", "crash", quick,
       [](const Sight& before, const Sight& now) { return now.reconnects > before.reconnects; }},
  };
}

/// Series of /metrics by their whole name.
using Series = std::map<std::string, double>;

Series series_in(const std::string& page) {
  Series series;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    const auto blank = line.rfind(' ');
    if (line.starts_with("lynceus_camera_") && blank != std::string::npos)
      series[line.substr(0, blank)] = std::strtod(line.c_str() + blank, nullptr);
  }
  return series;
}

double sum(const Series& series, const std::string& family, const std::string& camera, const std::string& label = {}) {
  double total = 0;
  const std::string begin = family + "{camera=\"" + camera + "\"";
  for (auto at = series.lower_bound(begin); at != series.end() && at->first.starts_with(begin); ++at) {
    if (at->first.find(label) != std::string::npos) total += at->second;
  }
  return total;
}

Sight sight_of(const json& camera, const Series& series) {
  const auto text = [&](const char* key) {
    return camera.at(key).is_string() ? camera.at(key).get<std::string>() : "";
  };
  const std::string id = text("id");
  Sight sight;
  sight.state = text("state");
  sight.health = text("health");
  sight.codec = text("codec");
  sight.width = camera.at("width");
  sight.height = camera.at("height");
  sight.fps = camera.at("fps_received");
  sight.frames = sum(series, "lynceus_camera_frames_received_total", id);
  sight.decode_errors = sum(series, "lynceus_camera_frames_dropped_total", id, "decode_error");
  sight.reconnects = sum(series, "lynceus_camera_reconnects_total", id);
  return sight;
}

/// All cameras at one moment.
class View {
 public:
  explicit View(const DaemonRun& daemon) : at(Steady::now()), series_(series_in(daemon.get("/metrics").body)) {
    const json list = json::parse(daemon.get("/api/v1/cameras").body);
    for (const json& camera : list.at("cameras")) sights_[camera.at("id")] = sight_of(camera, series_);
  }
  const Sight& of(const std::string& camera) const { return sights_.at(camera); }
  double counted(const std::string& family, const std::string& camera) const { return sum(series_, family, camera); }

  Steady::time_point at;

 private:
  Series series_;
  std::map<std::string, Sight> sights_;
};

/// The undisturbed cameras at one moment: what they sent, and what became of it.
struct Others {
  struct Counts {
    double sent = 0, received = 0;
  };
  std::map<std::string, Counts> cameras;
  Steady::time_point at;

  static Others now(Simulator& simulator, const DaemonRun& daemon) {
    Others others;
    for (const auto& id : kOthers) others.cameras[id].sent = static_cast<double>(simulator.sent(id).frames);
    const View view(daemon);
    others.at = view.at;
    for (auto& [id, counts] : others.cameras)
      counts.received = view.counted("lynceus_camera_frames_received_total", id);
    return others;
  }

  void tell(const Others& before, Story& story) const {
    const double passed_s = std::chrono::duration<double>(at - before.at).count();
    story.others_fps = kFps * 100;
    for (const auto& [id, counts] : cameras) {
      const Counts& then = before.cameras.at(id);
      story.others_sent += counts.sent - then.sent;
      story.others_lost += std::max(0.0, (counts.sent - then.sent) - (counts.received - then.received));
      story.others_fps = std::min(story.others_fps, (counts.received - then.received) / passed_s);
    }
  }
};

/// One camera on its way through its fault.
class Actor {
 public:
  Actor(Role role, Simulator& simulator, const DaemonRun& daemon)
      : role_(std::move(role)), simulator_(simulator), daemon_(daemon) {}

  /// One look; true when its story is over.
  bool look(const View& view) {
    const Sight& now = view.of(role_.fault);
    switch (phase_) {
      case Phase::warming:
        if (now.state == "streaming" && now.health == "ok" && now.frames >= role_.warm_frames) begin(now);
        break;
      case Phase::faulty:
        in_fault(now, view.at);
        break;
      case Phase::recovering:
        after_fault(now, view.at);
        break;
      case Phase::over:
        break;
    }
    return phase_ == Phase::over;
  }

  const Role& role() const { return role_; }
  const Story& story() const { return story_; }

 private:
  enum class Phase { warming, faulty, recovering, over };

  void begin(const Sight& now) {
    story_.before = now;
    others_ = Others::now(simulator_, daemon_);
    simulator_.fault(role_.fault, role_.told, 0ms);
    enter(Phase::faulty, Steady::now());
  }

  void in_fault(const Sight& now, Steady::time_point at) {
    if (story_.states.empty() || story_.states.back() != now.state) story_.states.push_back(now.state);
    const bool was = story_.came;
    story_.came = was || role_.expected(story_.before, now);
    if (!was) story_.during = now;
    if (at < since_ + (story_.came ? std::chrono::seconds{3} : kPatience)) return;
    frames_then_ = now.frames;
    if (role_.fault != "crash") simulator_.end_faults(role_.fault);
    enter(Phase::recovering, Steady::now());
  }

  void after_fault(const Sight& now, Steady::time_point at) {
    story_.after = now;
    story_.went = now.state == "streaming" && now.health == "ok" && now.codec == story_.before.codec &&
                  now.width == story_.before.width && now.height == story_.before.height && now.fps > 0.8 * kFps &&
                  now.frames > frames_then_ + kFps;
    if (!story_.went && at < since_ + kPatience) return;
    story_.back_after_s = std::chrono::duration<double>(at - since_).count();
    Others::now(simulator_, daemon_).tell(others_, story_);
    enter(Phase::over, at);
  }

  void enter(Phase phase, Steady::time_point at) {
    phase_ = phase;
    since_ = at;
  }

  const Role role_;
  Simulator& simulator_;
  const DaemonRun& daemon_;
  Phase phase_ = Phase::warming;
  Steady::time_point since_;
  double frames_then_ = 0;
  Others others_;
  Story story_;
};

/// The fault far in the future only makes the simulator prepare its clip at the start.
std::vector<std::string> specs(const std::vector<Role>& roles) {
  const std::string scene = "=scene:still,fps=10,size=320x240,loop=8s";
  std::vector<std::string> specs;
  for (const auto& role : roles) specs.push_back(role.fault + scene + ",fault=" + role.told + "@90000+1");
  for (const auto& id : kOthers) specs.push_back(id + scene);
  return specs;
}

std::string cameras_yaml(const std::vector<Role>& roles, const Simulator& simulator) {
  const std::string options =
      "analyzers: {health: {raise_after: 1s, clear_after: 1s, moved_after: 2s, frozen_after: 2s}}";
  std::string yaml;
  const auto add = [&](const std::string& id) {
    yaml += "  " + id + ": {url: '" + simulator.url(id) + "', " + options + "}\n";
  };
  for (const auto& role : roles) add(role.fault);
  for (const auto& id : kOthers) add(id);
  return yaml;
}

std::map<std::string, Story> play() {
  Simulator simulator(specs(roles()));
  DaemonRun daemon;
  daemon.configure(cameras_yaml(roles(), simulator));
  daemon.start();

  std::vector<Actor> actors;
  for (const auto& role : roles()) actors.emplace_back(role, simulator, daemon);
  const auto all_over = [&] {
    const View view(daemon);
    bool over = true;
    for (auto& actor : actors) over = actor.look(view) && over;
    return over;
  };
  const bool told = daemon.until(all_over, 150s);
  std::map<std::string, Story> stories;
  for (const auto& actor : actors) {
    auto& story = stories[actor.role().fault] = actor.story();
    if (!told) story.trouble = "the daemon ended or time was up: " + daemon.output();
  }
  return stories;
}

/// What goes wrong is told by every story instead of being tried again.
std::map<std::string, Story> play_once() {
  try {
    return play();
  } catch (const std::exception& error) {
    std::map<std::string, Story> stories;
    for (const auto& role : roles()) stories[role.fault].trouble = error.what();
    return stories;
  }
}

std::string text_of(const Sight& s) {
  std::ostringstream text;
  text << s.state << ' ' << s.health << ' ' << s.codec << ' ' << s.width << 'x' << s.height << ' ' << s.fps << " fps, "
       << s.frames << " frames, " << s.decode_errors << " lost, " << s.reconnects << " reconnects";
  return text.str();
}

}  // namespace

std::string Story::text() const {
  std::ostringstream text;
  text << trouble << "\n  before " << text_of(before) << "\n  during " << text_of(during) << " (";
  for (const auto& state : states) text << ' ' << state;
  text << " )\n  after  " << text_of(after) << ", " << back_after_s << " s\n  others " << others_fps << " fps, "
       << others_lost << " of " << others_sent << " lost";
  return text.str();
}

const Story& story_of(const std::string& fault) {
  static const std::map<std::string, Story> stories = play_once();
  return stories.at(fault);
}

}  // namespace lynceus::test
