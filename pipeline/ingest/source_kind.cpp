// Which session an address opens, and what its kind asks of the state machine.
#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/error.h"
#include "pipeline/ingest/local_path.h"
#include "pipeline/ingest/session.h"
#include "pipeline/ingest/url.h"

namespace lynceus::ingest {
namespace {

using std::chrono::milliseconds;

milliseconds period_of(double fps, double fallback) {
  const double used = fps > 0 ? fps : fallback;
  return milliseconds(static_cast<std::int64_t>(std::clamp(1000 / used, 1.0, 3'600'000.0)));
}

SourceKind local_kind(const SourceSettings& settings) {
  SourceKind kind;
  kind.repeats = true;
  kind.count_repeats = true;
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(local_path(settings.detect), ignored);
  kind.open = folder ? open_folder : open_file;
  if (folder) kind.least_stall = 3 * period_of(settings.fps, 1);
  return kind;
}

}  // namespace

SourceKind kind_of_source(const SourceSettings& settings) {
  const auto url = parse_url(settings.detect);
  const std::string scheme = url ? url->scheme : "file";
  SourceKind kind;
  if (scheme == "file") return local_kind(settings);
  if (scheme == "rtsp" || scheme == "rtsps") {
    kind.open = open_rtsp;
    kind.has_transport = true;
  } else if (scheme == "http" || scheme == "https") {
    // A still picture ends by itself and is fetched again; an MJPEG stream that ends is reopened just so.
    kind.open = open_http;
    kind.repeats = true;
    kind.repeat_after = period_of(settings.fps, 1);
    kind.least_stall = 3 * kind.repeat_after;
  } else if (scheme == "v4l2") {
    kind.open = open_v4l2;
  } else if (scheme == "sim") {
    const SceneRequest wanted = scene_request(settings.detect);
    const auto known = scenes::scene_names();
    if (std::find(known.begin(), known.end(), wanted.scene.scene) == known.end()) scenes::make_scene(wanted.scene);
    kind.open = open_scene;
    kind.least_stall = 3 * period_of(wanted.fps, 10);
  } else {
    throw Error(Exit::bad_config, "camera", redacted(settings.detect),
                "no known kind of address; accepted: rtsp, rtsps, http, https, file, v4l2, sim");
  }
  return kind;
}

}  // namespace lynceus::ingest
