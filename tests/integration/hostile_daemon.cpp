#include "tests/integration/hostile_daemon.h"

#include <signal.h>

#include <chrono>

#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string kGood = "  good: {url: 'sim://still?fps=10&size=160x120'}\n";
const std::string kGoodFrames = "lynceus_camera_frames_received_total{camera=\"good\"}";

}  // namespace

bool fate_known(const json& camera) {
  return camera.at("fps_received") > 0 || camera.at("reason").is_string() || camera.at("last_frame_at").is_string();
}

HostileDaemon::HostileDaemon() {
  daemon_.configure(kGood);
  daemon_.start();
  require_alive("at the start");
  threads_alone_ = daemon_.metric("process_threads").value_or(0);
}

HostileDaemon::Cameras HostileDaemon::cameras() const {
  Cameras cameras;
  const json list = json::parse(daemon_.get("/api/v1/cameras").body);
  for (const json& camera : list.at("cameras")) cameras[camera.at("id")] = camera;
  return cameras;
}

void HostileDaemon::reload(const Urls& urls) {
  std::string yaml = kGood;
  for (const auto& [id, url] : urls) yaml += "  " + id + ": {url: '" + url + "'}\n";
  daemon_.configure(yaml);
  daemon_.signal(SIGHUP);
  const bool loaded = daemon_.until([&] { return cameras().size() == urls.size() + 1; }, 30s);
  INFO(daemon_.output());
  REQUIRE(loaded);
}

void HostileDaemon::require_alive(const std::string& when) {
  const double before = daemon_.metric(kGoodFrames).value_or(0);
  const bool alive = daemon_.until_metric(kGoodFrames, [&](double now) { return now > before + 5; });
  INFO(when << ":\n" << daemon_.output());
  REQUIRE(alive);
}

bool HostileDaemon::batch(const Urls& urls, const std::function<bool(const Cameras&)>& enough,
                          std::chrono::seconds within) {
  reload(urls);
  const bool done = daemon_.until([&] { return enough(cameras()); }, within);
  require_alive("beside hostile cameras, first " + urls.begin()->second);
  reload({});
  return done;
}

double HostileDaemon::resident_mib() const {
  return daemon_.metric("process_resident_memory_bytes").value_or(0) / (1 << 20);
}

/// A connection that hangs is given up by its time-outs, 8 s each.
bool HostileDaemon::threads_settle() {
  constexpr double kAFew = 6;
  return daemon_.until([&] { return daemon_.metric("process_threads").value_or(1e9) <= threads_alone_ + kAFew; }, 30s);
}

void HostileDaemon::end() {
  const auto begin = std::chrono::steady_clock::now();
  daemon_.signal(SIGTERM);
  const auto status = daemon_.wait(10s);
  const auto took = std::chrono::steady_clock::now() - begin;
  INFO(daemon_.output());
  REQUIRE(status);
  CHECK(*status == 0);
  CHECK(took < 2s);
}

}  // namespace lynceus::test
