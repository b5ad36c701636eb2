#include "tools/probe/probe.h"

#include <cstdio>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/ingest/probe.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {
namespace {

const Usage kUsage{"probe",
                   "URL",
                   "Connects to a camera (rtsp, rtsps, http, file, v4l2, sim) and tells what it sends. Exit 3 when it "
                   "does not stream.",
                   {{"--timeout", "S", "give up after so many seconds (10)"},
                    {"--transport", "NAME", "auto, tcp or udp (auto)"},
                    {"--json", "", "one JSON object"}},
                   "lynceus probe rtsp://user:password@10.0.0.7/stream1",
                   1,
                   1};

ingest::Transport transport_of(const std::string& name) {
  if (name == "auto") return ingest::Transport::automatic;
  if (name == "tcp") return ingest::Transport::tcp;
  if (name == "udp") return ingest::Transport::udp;
  throw Error(Exit::usage, "probe", "--transport", "'" + name + "'; auto, tcp or udp");
}

Json describe(const std::string& url, const ingest::ProbeResult& found) {
  Json object;
  object["url"] = ingest::redacted(url);
  object["state"] = ingest::name(found.state);
  object["reason"] = found.reason.empty() ? Json(nullptr) : Json(found.reason);
  object["codec"] = found.codec;
  object["width"] = found.width;
  object["height"] = found.height;
  object["fps"] = finite(found.fps);
  object["kbit_per_s"] = finite(found.kbit_per_s);
  object["transport"] = found.transport.empty() ? Json(nullptr) : Json(found.transport);
  object["to_first_frame_ms"] = found.to_first_frame.count();
  return object;
}

void print(const std::string& url, const ingest::ProbeResult& found) {
  std::printf("%s: %s, %s %dx%d, %.1f fps, %.0f kbit/s, first frame after %.1f s%s%s\n", ingest::redacted(url).c_str(),
              ingest::name(found.state), found.codec.c_str(), found.width, found.height, found.fps, found.kbit_per_s,
              double(found.to_first_frame.count()) / 1000, found.transport.empty() ? "" : ", ",
              found.transport.c_str());
}

}  // namespace

int run_probe(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  log::capture([](std::string_view) {});  // the answer tells the trouble, once
  const std::string& url = args.rest()[0];
  ingest::SourceSettings settings;
  settings.detect = url;
  settings.transport = transport_of(args.text("--transport").value_or("auto"));
  const auto timeout = std::chrono::milliseconds(long(args.number("--timeout", 10, 0.1, 3600) * 1000));
  const ingest::ProbeResult found = ingest::probe(settings, timeout);
  const bool streams = found.state == ingest::TransportState::streaming;
  if (args.has("--json")) {
    print_line(describe(url, found));
  } else if (streams) {
    print(url, found);
  }
  if (streams) return 0;
  throw Error(Exit::unreadable, "probe", ingest::redacted(url),
              std::string(ingest::name(found.state)) + (found.reason.empty() ? "" : ": " + found.reason));
}

}  // namespace lynceus::tools
