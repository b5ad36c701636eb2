#include "tools/bench/crash_bench.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <system_error>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "tools/process/loopback_http.h"
#include "tools/process/piped_child.h"
#include "tools/process/program.h"
#include "tools/process/webhook_receiver.h"
#include "tools/process/workspace.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto kStart = 30s;
constexpr auto kDrain = 10min;  ///< without anything arriving
constexpr auto kGlance = 100ms;

void wait_for(std::chrono::milliseconds time) { system_clock().sleep_until({}, system_clock().now() + time); }

/// Refuses half of the deliveries and remembers the rest.
class Tally {
 public:
  Verdict judge(const Delivery& delivery) {
    std::lock_guard lock(mutex_);
    ++asked_;
    if (!delivery.genuine) return ++forged_, Verdict{401};
    if (random_() % 2 == 0) return ++refused_, Verdict{503, 1};
    const std::size_t dot = delivery.id.rfind('.');
    if (dot == std::string::npos) return Verdict{400};
    const std::int64_t revision = std::atoll(delivery.id.c_str() + dot + 1);
    std::int64_t& newest = newest_[delivery.id.substr(0, dot)];
    if (!taken_.insert(delivery.id).second) {
      ++repeated_;
    } else if (revision < newest) {
      ++disordered_;
    }
    newest = std::max(newest, revision);
    return Verdict{204};
  }
  bool has(const std::string& id, std::int64_t revision) const {
    std::lock_guard lock(mutex_);
    return taken_.contains(id + "." + std::to_string(revision));
  }
  std::int64_t asked() const {
    std::lock_guard lock(mutex_);
    return asked_;
  }
  void report(CrashBenchResult& result) const {
    std::lock_guard lock(mutex_);
    result.repeated = repeated_;
    result.disordered = disordered_;
    result.refused = refused_;
    result.forged = forged_;
  }

 private:
  mutable std::mutex mutex_;
  std::mt19937 random_{std::random_device{}()};
  std::set<std::string> taken_;
  std::map<std::string, std::int64_t> newest_;
  std::int64_t asked_ = 0, refused_ = 0, forged_ = 0, repeated_ = 0, disordered_ = 0;
};

std::string raiser_folder() {
  const fs::path up = fs::path(own_program()).parent_path().parent_path();
  for (const fs::path& place : {up / "bench-plugins", up / "lib/lynceus/bench-plugins"}) {
    std::error_code ignored;
    if (fs::exists(place / "lynceus_raiser.so", ignored)) return place.string();
  }
  throw Error(Exit::fatal, "bench", "lynceus_raiser.so", "not beside the program");
}

class CrashBench {
 public:
  explicit CrashBench(const CrashBenchSettings& settings)
      : settings_(settings), secret_(settings.secret.empty() ? make_webhook_secret() : settings.secret) {
    if (!settings.sink.empty()) return;
    receiver_.emplace(
        WebhookReceiver::Settings{[this](const Delivery& delivery) { return tally_.judge(delivery); }, secret_, 0});
  }

  CrashBenchResult run() {
    for (int kill = 0; kill < settings_.kills; ++kill) {
      start(settings_.rate);
      live(std::chrono::milliseconds{200 + random_() % 1500});
      daemon_->signal(SIGKILL);
      daemon_->wait(10s);
      daemon_.reset();
      std::fprintf(stderr, "\rbench: %d of %d kills", kill + 1, settings_.kills);
    }
    std::fprintf(stderr, "\n");
    start(0);
    drain();
    return count();
  }

 private:
  void write_config(double rate) {
    std::ofstream out(workspace_.file("crash.yaml"));
    out << "site: bench\nserver: {port: " << settings_.port << ", auth: none, plugin_dir: \"" << raiser_folder()
        << "\"}\nstorage: {directory: \"" << workspace_.file("state")
        << "\", evidence: {snapshots: false, clips: false}}\nalarms: {off_delay: 0s, flap_count: 0}\n"
        << "notify: {sinks: {bench: {url: \"" << (receiver_ ? receiver_->url() : settings_.sink) << "\", secrets: [\""
        << secret_ << "\"]}}}\ncameras:\n  c0:\n    url: \"sim://sky?fps=20&size=160x120\"\n"
        << "    analyzers: {raiser: {when: every_frame, rate: " << rate << "}}\n";
  }

  void start(double rate) {
    write_config(rate);
    const std::string port_file = workspace_.file("port");
    std::error_code ignored;
    fs::remove(port_file, ignored);
    daemon_.emplace(std::vector<std::string>{program_beside_us("lynceusd"), "--config", workspace_.file("crash.yaml"),
                                             "--port-file", port_file, "--log-level", "error"});
    const auto deadline = system_clock().now() + kStart;
    while (!(std::ifstream(port_file) >> port_ && port_ > 0 && loopback_get(port_, "/healthz").status == 200)) {
      if (const auto status = daemon_->wait(20ms)) {
        throw Error(Exit::fatal, "bench", "lynceusd", "ended with status " + std::to_string(*status));
      }
      if (system_clock().now() > deadline) throw Error(Exit::fatal, "bench", "lynceusd", "did not open its port");
    }
  }

  /// Looks on, as a person would, and remembers what it was shown.
  void live(std::chrono::milliseconds time) {
    const auto end = system_clock().now() + time;
    while (system_clock().now() < end) {
      const Json page = get("/api/v1/alarms?limit=100");
      for (const Json& alarm : page.value("alarms", Json::array())) {
        if (!alarm.value("durable", false)) continue;
        std::int64_t& seen = shown_[alarm.value("id", "")];
        seen = std::max(seen, alarm.value("revision", std::int64_t{0}));
      }
      wait_for(std::min<std::chrono::milliseconds>(kGlance, std::chrono::ceil<std::chrono::milliseconds>(std::max(
                                                                end - system_clock().now(), MonoTime::duration{0}))));
    }
  }

  Json get(const std::string& path) const {
    const auto answer = loopback_get(port_, path);
    Json json = Json::parse(answer.body, nullptr, false);
    return answer.status == 200 && json.is_object() ? json : Json::object();
  }

  /// Until nothing is raised and nothing is owed.
  void drain() {
    auto moved = system_clock().now();
    std::string before;
    for (;;) {
      const Json raised = get("/api/v1/alarms?state=raised&limit=1"), owed = get("/api/v1/deliveries?limit=1000");
      const bool known = raised.contains("alarms") && owed.contains("deliveries");
      if (known && raised["alarms"].empty() && owed["deliveries"].empty()) return;
      const std::string now = owed.dump() + std::to_string(tally_.asked());
      if (now != before) moved = system_clock().now();
      before = now;
      if (system_clock().now() - moved > kDrain) throw Error(Exit::fatal, "bench", "deliveries", "do not end");
      wait_for(kGlance);
    }
  }

  CrashBenchResult count() {
    CrashBenchResult result;
    std::string cursor;
    do {
      const Json page = get("/api/v1/alarms?limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor));
      if (!page.contains("alarms")) throw Error(Exit::fatal, "bench", "alarms", "cannot be listed");
      for (const Json& alarm : page["alarms"]) judge(alarm, result);
      cursor = page["next"].is_string() ? page["next"].get<std::string>() : "";
    } while (!cursor.empty());
    result.raised += std::ssize(shown_);  // what was shown once and is not there any more
    result.lost += std::ssize(shown_);
    if (receiver_) tally_.report(result);
    return result;
  }

  void judge(const Json& alarm, CrashBenchResult& result) {
    const std::string id = alarm.value("id", "");
    const auto revision = alarm.value("revision", std::int64_t{0});
    const auto shown = shown_.find(id);
    bool whole = shown == shown_.end() || shown->second <= revision;
    for (std::int64_t change = 1; receiver_ && change <= revision; ++change) whole = whole && tally_.has(id, change);
    if (shown != shown_.end()) shown_.erase(shown);
    ++result.raised;
    result.changes += revision;
    ++(whole ? result.delivered : result.lost);
  }

  const CrashBenchSettings settings_;
  const std::string secret_;
  const Workspace workspace_{"bench"};
  std::mt19937 random_{std::random_device{}()};
  Tally tally_;
  std::optional<WebhookReceiver> receiver_;
  std::optional<PipedChild> daemon_;
  int port_ = 0;
  std::map<std::string, std::int64_t> shown_;  ///< revision by id
};

}  // namespace

CrashBenchResult run_crash_bench(const CrashBenchSettings& settings) { return CrashBench(settings).run(); }

}  // namespace lynceus::tools
