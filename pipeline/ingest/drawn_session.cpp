// Sessions without a pipeline: pictures that a thread reads from a folder or draws, at their own pace.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/local_path.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/ingest/reader.h"
#include "pipeline/ingest/session.h"
#include "pipeline/ingest/session_refused.h"
#include "pipeline/ingest/still.h"
#include "pipeline/ingest/url.h"
#include "pipeline/scenes/scene.h"

namespace lynceus::ingest {
namespace {

struct Drawn {
  cv::Mat picture;
  std::optional<sdk::Radiometric> radiometric;
};

/// The n-th picture; nothing after the last. May throw Error: that picture is left out.
using Draw = std::function<std::optional<Drawn>(std::int64_t number)>;

class DrawnSession final : public Session {
 public:
  DrawnSession(Feed feed, double fps, Draw draw)
      : thread_([feed = std::move(feed), fps, draw = std::move(draw)](std::stop_token stop) {
          run(stop, feed, fps, draw);
        }) {}

 private:
  static void run(std::stop_token stop, const Feed& feed, double fps, const Draw& draw) {
    const auto period = std::chrono::duration_cast<MonoTime::duration>(std::chrono::duration<double>(1 / fps));
    MonoTime due = feed.clock().now();
    for (std::int64_t number = 0; !stop.stop_requested(); ++number) {
      if (!one(feed, number, draw)) return feed.ended(end_of_stream());
      // Late by more than a picture: the raster moves, nothing is made up for.
      due = std::max(due + period, feed.clock().now());
      feed.clock().sleep_until(stop, due);
    }
  }

  static bool one(const Feed& feed, std::int64_t number, const Draw& draw) {
    try {
      auto drawn = draw(number);
      if (!drawn) return false;
      const cv::Size size = drawn->picture.empty() ? drawn->radiometric->raw.size() : drawn->picture.size();
      feed.frame(size, [&](const Stamp& stamp) {
        return make_picture_frame({feed.camera(), stamp.sequence, stamp.captured, stamp.captured_wall,
                                   std::move(drawn->picture), std::move(drawn->radiometric)});
      });
    } catch (const std::exception&) {
      feed.decode_error();
    }
    return true;
  }

  std::jthread thread_;
};

double number_or(const std::map<std::string, std::string>& query, const char* key, double fallback, double least,
                 double greatest) {
  const auto found = query.find(key);
  if (found == query.end()) return fallback;
  double value = 0;
  const auto* end = found->second.data() + found->second.size();
  const auto [stopped, error] = std::from_chars(found->second.data(), end, value);
  if (error != std::errc{} || stopped != end || !(value >= least && value <= greatest)) {
    throw Error(Exit::bad_config, "camera", std::string("sim:// ") + key, "not a number it can be: " + found->second);
  }
  return value;
}

cv::Size size_or(const std::map<std::string, std::string>& query, cv::Size fallback) {
  const auto found = query.find("size");
  if (found == query.end()) return fallback;
  const std::size_t cross = found->second.find('x');
  const std::map<std::string, std::string> parts{
      {"size", found->second.substr(0, cross)},
      {"height", cross == std::string::npos ? "" : found->second.substr(cross + 1)}};
  return {static_cast<int>(number_or(parts, "size", 0, 16, 8192)),
          static_cast<int>(number_or(parts, "height", 0, 16, 8192))};
}

}  // namespace

SceneRequest scene_request(const std::string& address) {
  const auto url = parse_url(address);
  const auto query = url->query();
  SceneRequest request;
  request.scene.scene = url->address;
  request.fps = number_or(query, "fps", 10, 0.01, 240);
  request.scene.size = size_or(query, {640, 480});
  request.scene.seed = static_cast<std::uint64_t>(number_or(query, "seed", 1, 0, 1e15));
  request.scene.night = query.contains("night") && query.at("night") != "0" && query.at("night") != "false";
  request.scene.fault_at_s = number_or(query, "fault_at", request.scene.fault_at_s, -1e6, 1e6);
  return request;
}

std::unique_ptr<Session> open_scene(const SessionRequest& request, Feed feed) {
  const SceneRequest wanted = scene_request(request.settings.detect);
  std::shared_ptr<scenes::Scene> scene = scenes::make_scene(wanted.scene);
  feed.codec("raw");
  return std::make_unique<DrawnSession>(std::move(feed), wanted.fps, [scene, fps = wanted.fps](std::int64_t number) {
    const double time_s = static_cast<double>(number) / fps;
    Drawn drawn{scene->render(time_s), {}};
    if (auto raw = scene->radiometric(time_s)) drawn.radiometric.emplace().raw = std::move(*raw);
    return std::optional<Drawn>(std::move(drawn));
  });
}

std::unique_ptr<Session> open_folder(const SessionRequest& request, Feed feed) {
  std::vector<std::string> pictures;
  try {
    pictures = pictures_of(local_path(request.settings.detect));
  } catch (const Error& error) {
    throw SessionRefused({Reconnect::network, TransportState::offline, error.what()});
  }
  if (pictures.empty())
    throw SessionRefused({Reconnect::format, TransportState::unsupported, "no picture in this folder"});
  feed.codec("pictures");
  const double fps = request.settings.fps > 0 ? request.settings.fps : 1;
  const auto draw = [pictures = std::move(pictures)](std::int64_t number) -> std::optional<Drawn> {
    if (number >= static_cast<std::int64_t>(pictures.size())) return std::nullopt;
    Still still = read_still(pictures[static_cast<std::size_t>(number)]);
    return Drawn{std::move(still.picture), std::move(still.radiometric)};
  };
  return std::make_unique<DrawnSession>(std::move(feed), fps, draw);
}

}  // namespace lynceus::ingest
