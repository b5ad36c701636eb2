// Streams made to break decoders, played as cameras: the daemon may refuse them; it does not crash, hang or grow, and
// the good camera beside them goes on.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "tests/integration/go_corpus.h"
#include "tests/integration/hostile_daemon.h"
#include "tests/integration/loopback_server.h"
#include "tests/integration/rtsp_impostor.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/support/simulator.h"

namespace lynceus::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Of a second round of the same: what is kept for good is there after the first, and threads come and go.
constexpr double kGrowth_mib = 24;

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

bool all_fates_known(const HostileDaemon::Cameras& cameras) {
  return std::all_of(cameras.begin(), cameras.end(), [](const auto& entry) { return fate_known(entry.second); });
}

void play_over_rtsp(HostileDaemon& daemon, const std::vector<std::string>& files) {
  constexpr std::size_t kAtOnce = 9;
  for (std::size_t first = 0; first < files.size(); first += kAtOnce) {
    std::vector<std::string> specs;
    for (std::size_t i = first; i < std::min(files.size(), first + kAtOnce); ++i)
      specs.push_back("s" + std::to_string(i) + "=clip:" + files[i]);
    Simulator simulator(specs);
    HostileDaemon::Urls urls;
    for (const auto& spec : specs) {
      const std::string id = spec.substr(0, spec.find('='));
      urls[id] = simulator.url(id);
    }
    INFO("from " << files[first]);
    CHECK(daemon.batch(urls, all_fates_known, 20s));
  }
}

TEST_CASE("every elementary stream as an RTSP camera") {
  LYNCEUS_NEED_DATA(folder, "data/streams");
  std::vector<std::string> files = files_of(*folder + "/h264");
  for (const auto& file : files_of(*folder + "/hevc")) files.push_back(file);
  HostileDaemon daemon;
  play_over_rtsp(daemon, files);
  const double before = daemon.resident_mib();
  play_over_rtsp(daemon, files);
  CHECK(daemon.resident_mib() < before + kGrowth_mib);
  daemon.end();
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A web camera for each picture: /still/N is the picture, /mixed/N a multipart stream of it and a good one in turns.
class HostileWebcams {
 public:
  explicit HostileWebcams(const std::vector<std::string>& files)
      : stills_(files.size()), parts_(files.size()), server_([this](Peer& peer) { serve(peer); }) {
    for (const auto& file : files) pictures_.push_back(bytes_of(file));
    const auto good = picture::encode_jpeg(cv::Mat(48, 64, CV_8UC3, cv::Scalar(90, 120, 150)));
    good_.assign(reinterpret_cast<const char*>(good.data()), good.size());
  }

  std::string url(const std::string& kind, std::size_t picture) const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/" + kind + "/" + std::to_string(picture);
  }
  bool all_stills_served() const {
    return std::all_of(stills_.begin(), stills_.end(), [](const auto& count) { return count >= 2; });
  }
  bool all_parts_served() const {
    return std::all_of(parts_.begin(), parts_.end(), [](const auto& count) { return count >= 4; });
  }

 private:
  void serve(Peer& peer) {
    const std::string request = peer.receive_until("\r\n\r\n");
    const bool still = request.starts_with("GET /still/");
    if (!still && !request.starts_with("GET /mixed/")) return;
    const auto index = static_cast<std::size_t>(std::stoul(request.substr(11)));
    still ? send_still(peer, index) : send_parts(peer, index);
  }

  void send_still(Peer& peer, std::size_t index) {
    const std::string& picture = pictures_.at(index);
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\nContent-Length: " +
              std::to_string(picture.size()) + "\r\n\r\n" + picture);
    ++stills_[index];
  }

  void send_parts(Peer& peer, std::size_t index) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n");
    for (bool good = false; !peer.gone_within(100ms); good = !good) {
      const std::string& picture = good ? good_ : pictures_.at(index);
      peer.send("--b\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.size()) + "\r\n\r\n" +
                picture + "\r\n");
      ++parts_[index];
    }
  }

  std::vector<std::string> pictures_;
  std::string good_;
  std::vector<std::atomic<int>> stills_, parts_;
  LoopbackServer server_;  // last: its threads use the others
};

TEST_CASE("every hostile JPEG as a web camera, alone and among good ones") {
  LYNCEUS_NEED_DATA(folder, "data/streams/jpeg");
  const auto files = files_of(*folder);
  HostileWebcams webcams(files);
  HostileDaemon daemon;
  const auto play = [&](const std::string& kind, const std::function<bool()>& served) {
    HostileDaemon::Urls urls;
    for (std::size_t i = 0; i < files.size(); ++i) urls["j" + std::to_string(i)] = webcams.url(kind, i);
    INFO(kind);
    CHECK(daemon.batch(
        urls, [&](const auto& cameras) { return served() && all_fates_known(cameras); }, 20s));
  };
  const auto both = [&] {
    play("still", [&] { return webcams.all_stills_served(); });
    play("mixed", [&] { return webcams.all_parts_served(); });
  };
  both();
  const double before = daemon.resident_mib();
  both();
  CHECK(daemon.resident_mib() < before + kGrowth_mib);
  daemon.end();
}

struct Job {
  std::size_t input;
  Place place;
};

/// Every input where it belongs, and where it surprises.
std::vector<Job> jobs_of(const std::vector<CorpusInput>& inputs) {
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Place surprise = i % 2 == 0 ? Place::rtp : static_cast<Place>(i / 2 % 4);
    jobs.push_back({i, place_of(inputs[i])});
    if (surprise != jobs.back().place) jobs.push_back({i, surprise});
  }
  return jobs;
}

TEST_CASE("every input of an RTSP fuzzer as a camera's words") {
  LYNCEUS_NEED_DATA(folder, "data/streams/rtsp");
  const auto inputs = read_corpus(*folder);
  const auto jobs = jobs_of(inputs);
  RtspImpostor impostor(inputs);
  HostileDaemon daemon;
  const auto play = [&](std::size_t first, std::size_t end) {
    HostileDaemon::Urls urls;
    std::vector<int> before;
    for (std::size_t i = first; i < end; ++i) {
      urls["f" + std::to_string(i)] = impostor.url(jobs[i].input, jobs[i].place);
      before.push_back(impostor.played(jobs[i].input, jobs[i].place));
    }
    const auto played = [&](const auto&) {
      for (std::size_t i = first; i < end; ++i) {
        if (impostor.played(jobs[i].input, jobs[i].place) <= before[i - first]) return false;
      }
      return true;
    };
    INFO("jobs from " << first << ", " << inputs[jobs[first].input].name);
    CHECK(daemon.batch(urls, played, 20s));
  };
  const auto play_all = [&] {
    constexpr std::size_t kAtOnce = 48;
    for (std::size_t first = 0; first < jobs.size(); first += kAtOnce)
      play(first, std::min(jobs.size(), first + kAtOnce));
  };
  play_all();
  const double before = daemon.resident_mib();
  play_all();
  CHECK(daemon.resident_mib() < before + kGrowth_mib);
  CHECK(daemon.threads_settle());  // some keys held one for ever
  daemon.end();
}

TEST_CASE("a challenge without parameters is a refusal") {
  const RtspImpostor impostor(
      {{"headers_FuzzAuthenticate", {"Digest "}}, {"headers_FuzzAuthenticate", {"Digest realm"}}});
  HostileDaemon daemon;
  const HostileDaemon::Urls urls{{"a", impostor.url(0, Place::header)}, {"b", impostor.url(1, Place::header)}};
  CHECK(daemon.batch(
      urls,
      [](const auto& cameras) {
        return cameras.at("a").at("state") == "unauthorized" && cameras.at("b").at("state") == "unauthorized";
      },
      20s));
  daemon.end();
}

TEST_CASE("literals of the corpus format") {
  CHECK(unquoted_go("a\\x00\\n\\\"\\u00e9") == std::string("a\0\n\"\xc3\xa9", 6));
  CHECK(unquoted_go("\\377\\\\") == "\xff\\");
}

}  // namespace
}  // namespace lynceus::test
