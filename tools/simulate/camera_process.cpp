#include "tools/simulate/camera_process.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "tools/process/line_reader.h"
#include "tools/simulate/channel.h"
#include "tools/simulate/clip_cache.h"
#include "tools/simulate/clip_file.h"
#include "tools/simulate/fault_plan.h"
#include "tools/simulate/render.h"
#include "tools/simulate/server_thread.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

constexpr auto kRetry = 200ms;
constexpr auto kForEver = std::chrono::hours{24 * 365};
constexpr int kCrashed = 70;

ClipPtr plain_clip(const CameraSpec& spec) {
  if (!spec.clip.empty()) return std::make_shared<const Clip>(read_clip_file(spec.clip, spec.fps));
  return ClipCache().get(recipe(spec, Variant::plain), [&] { return render(spec, Variant::plain); });
}

/// A file's stream as a scene would be described, for the clips its faults need.
CameraSpec completed(CameraSpec spec, const Clip& clip) {
  spec.codec = clip.codec;
  spec.fps = clip.fps;
  if (clip.width >= 64 && clip.height >= 64) spec.width = clip.width / 8 * 8, spec.height = clip.height / 8 * 8;
  return spec;
}

std::chrono::nanoseconds seconds(double s) { return std::chrono::nanoseconds(std::llround(s * 1e9)); }

class CameraProcess {
 public:
  CameraProcess(std::string address, int port, const CameraSpec& spec, LineReader commands, int out)
      : clip_(plain_clip(spec)),
        spec_(completed(spec, *clip_)),
        channel_(std::make_shared<Channel>(clip_)),
        server_(channel_),
        plan_(spec.faults),
        commands_(std::move(commands)),
        out_(out) {
    settings_.address = std::move(address);
    settings_.port = port;
    settings_.path = spec_.id;
    settings_.codec = spec_.codec;
    settings_.user = spec_.user;
    settings_.password = spec_.password;
    settings_.auth = spec_.auth;
    settings_.transport = spec_.transport;
    settings_.seed = spec_.seed;
  }

  void run() {
    for (const auto& planned : spec_.faults) prepare(planned.fault.kind);
    settings_.port = server_.open(settings_);
    say("ready " + std::to_string(settings_.port));
    plan_.start(system_clock().now());
    bool open = true;
    while (open) {
      begin_planned();
      settle();
      open = wait();
      while (const auto line = commands_.take()) obey(*line);
    }
  }

 private:
  void say(const std::string& line) {
    const std::string text = line + "\n";
    if (write(out_, text.data(), text.size()) < 0) log::debug("simulate", "nobody listens");
  }

  /// The clip this fault shows; rendering it takes a while the first time.
  void prepare(FaultKind kind) {
    const Variant variant = variant_of(kind);
    if (channel_->has(variant)) return;
    channel_->put(variant, ClipCache().get(recipe(spec_, variant), [&] { return render(spec_, variant); }));
  }

  void begin(const Fault& fault, double seconds_long) {
    if (fault.kind == FaultKind::crash) {
      say("ok fault crash");
      _exit(kCrashed);
    }
    prepare(fault.kind);
    const auto now = system_clock().now();
    channel_->begin(fault, now + (seconds_long > 0 ? seconds(seconds_long) : std::chrono::nanoseconds(kForEver)));
    settle();
  }

  void begin_planned() {
    while (const auto due = plan_.take_due(system_clock().now())) {
      try {
        begin(due->fault, due->duration_s);
        log::info("simulate", "fault",
                  {{"camera", spec_.id}, {"fault", fault_name(due->fault.kind)}, {"seconds", due->duration_s}});
      } catch (const Error& e) {
        log::warning("simulate", "fault not possible", {{"camera", spec_.id}, {"why", e.what()}});
      }
    }
  }

  /// Makes the server what the faults of the moment want: closed, locked, another codec, or as ever.
  void settle() {
    const auto effects = channel_->effects(system_clock().now());
    const Face wanted{effects.closed, effects.locked, effects.variant == Variant::codec};
    retry_ = false;
    if (wanted == face_) return;
    if (wanted.closed) {
      server_.close();
      face_ = wanted;
      return;
    }
    try {
      server_.open(settings_for(wanted));
      face_ = wanted;
    } catch (const Error&) {
      face_ = Face{true, false, false};
      retry_ = true;
    }
  }

  struct Face {
    bool closed = false, locked = false, other_codec = false;
    bool operator==(const Face&) const = default;
  };

  RtspSettings settings_for(const Face& face) const {
    RtspSettings settings = settings_;
    if (face.other_codec) settings.codec = other_codec(spec_.codec);
    if (face.locked) {
      settings.user = spec_.user.empty() ? "nobody" : spec_.user;
      settings.password = spec_.password + "-is-no-longer-it";
    }
    return settings;
  }

  int timeout_ms() const {
    const auto now = system_clock().now();
    std::optional<MonoTime> next = channel_->next_end(now);
    if (const auto planned = plan_.next(); planned && (!next || *planned < *next)) next = planned;
    if (retry_ && (!next || now + kRetry < *next)) next = now + kRetry;
    if (!next) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - now).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 3'600'000));
  }

  bool wait() {
    pollfd ready{commands_.fd(), POLLIN, 0};
    if (poll(&ready, 1, timeout_ms()) <= 0) return true;
    return commands_.fill();
  }

  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string command, name, length;
    words >> command >> name >> length;
    std::transform(command.begin(), command.end(), command.begin(), [](unsigned char c) { return std::toupper(c); });
    try {
      if (command == "FAULT") {
        begin(parse_fault(name), parse_seconds(length, "SECONDS"));
        say("ok fault " + name);
      } else if (command == "END") {
        channel_->end_all();
        settle();
        say("ok end");
      } else if (command == "SENT") {
        say("sent " + std::to_string(channel_->sent) + " " + std::to_string(channel_->clients) + " " +
            std::to_string(channel_->served));
      } else {
        say("error FAULT, END or SENT expected");
      }
    } catch (const Error& e) {
      say(std::string("error ") + e.what());
    }
  }

  const ClipPtr clip_;
  const CameraSpec spec_;
  const std::shared_ptr<Channel> channel_;
  ServerThread server_;
  RtspSettings settings_;
  Face face_;
  bool retry_ = false;
  FaultPlan plan_;
  LineReader commands_;
  const int out_;
};

}  // namespace

int run_camera_process(int in, int out) {
  LineReader commands(in);
  std::optional<std::string> line;
  while (!(line = commands.take()))
    if (!commands.fill()) return static_cast<int>(Exit::done);
  std::istringstream words(*line);
  std::string address, spec;
  int port = 0;
  words >> address >> port >> std::ws;
  std::getline(words, spec);
  CameraProcess camera(address, port, parse_camera(spec), std::move(commands), out);
  camera.run();
  return static_cast<int>(Exit::done);
}

}  // namespace lynceus::tools
