#include "tools/simulate/simulate.h"

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "tools/process/stop_signals.h"
#include "tools/simulate/camera_process.h"
#include "tools/simulate/spec.h"
#include "tools/simulate/supervisor.h"

namespace lynceus::tools {
namespace {

constexpr const char* kHelp =
    R"(lynceus simulate --camera ID=SOURCE[,key=value…] [--camera …] [--address A] [--port N] [--control] [--json]

Serves simulated cameras on real RTSP until SIGINT or SIGTERM; prints `ID URL` for each as soon as it serves.

SOURCE   scene:NAME   pipe, lobby, sky, carpark, room, still: rendered and encoded once, then looped
         clip:PATH    a video file, served as it is; .264 .265 .mjpeg are cut into pictures, however broken
keys     fps size codec=h264|h265|mjpeg gop loop fault-at night seed bframes quantizer matrix range
         user password auth=any|basic|digest transport=any|tcp|udp fault=NAME[:VALUE]@START+DURATION[/EVERY]
faults   drop stall freeze black garbage resolution codec auth loss:PERCENT slow cover move crash

--address A   listen there (127.0.0.1)
--port N      port of the first camera, the others follow; 0: any (default)
--control     commands on stdin, an answer each on stdout; the end of stdin is the end:
              FAULT ID NAME[:VALUE] SECONDS   (0: until END)     END ID     SENT ID
--json        a JSON object per line of output

Example: lynceus simulate --camera 'door=scene:lobby,fps=25,size=1280x720,fault=freeze@20+10/60'
)";

struct Options {
  std::vector<std::string> cameras;
  std::string address = "127.0.0.1";
  int port = 0;
  bool control = false, json = false, help = false, serve = false;
};

int port_of(const std::string& text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < 0 || port > 65535)
    throw Error(Exit::usage, "simulate", "--port " + text, "0 to 65535 expected");
  return port;
}

Options parse(std::span<const std::string> args) {
  Options options;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto& arg = args[i];
    const auto value = [&] {
      if (i + 1 >= args.size()) throw Error(Exit::usage, "simulate", arg, "a value expected after it");
      return args[++i];
    };
    if (arg == "--camera") options.cameras.push_back(value());
    else if (arg == "--address") options.address = value();
    else if (arg == "--port") options.port = port_of(value());
    else if (arg == "--control") options.control = true;
    else if (arg == "--json") options.json = true;
    else if (arg == "--help" || arg == "-h") options.help = true;
    else if (arg == "--serve") options.serve = true;  // a camera's own process, started by us
    else throw Error(Exit::usage, "simulate", arg, "unknown option; see lynceus simulate --help");
  }
  return options;
}

void check(const Options& options) {
  if (options.cameras.empty()) throw Error(Exit::usage, "simulate", "--camera", "at least one expected");
  std::set<std::string> ids;
  for (const auto& camera : options.cameras) {
    const auto id = parse_camera(camera).id;
    if (!ids.insert(id).second) throw Error(Exit::usage, "simulate", "camera " + id, "named twice");
  }
}

void print(const Options& options, const std::string& camera, const std::string& what) {
  const bool url = what.starts_with("url ");
  const std::string rest = url ? what.substr(4) : what;
  if (options.json)
    std::printf("%s\n", nlohmann::json{{"camera", camera}, {url ? "url" : "answer", rest}}.dump().c_str());
  else std::printf("%s %s\n", camera.c_str(), rest.c_str());
  std::fflush(stdout);
}

}  // namespace

int run_simulate(std::span<const std::string> args) {
  const Options options = parse(args);
  if (options.help) return std::fputs(kHelp, stdout), 0;
  if (options.serve) return run_camera_process(STDIN_FILENO, STDOUT_FILENO);
  check(options);
  const StopSignals signals;
  SupervisorSettings settings{options.cameras, options.address, options.port, options.control ? STDIN_FILENO : -1,
                              signals.fd()};
  Supervisor supervisor(settings, [&](const auto& camera, const auto& what) { print(options, camera, what); });
  supervisor.run();
  return 0;
}

}  // namespace lynceus::tools
