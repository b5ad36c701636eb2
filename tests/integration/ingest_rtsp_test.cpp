// Cameras over real RTSP on loopback.
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/gst.h"
#include "base/log.h"
#include "pipeline/ingest/camera_source.h"
#include "pipeline/ingest/probe.h"
#include "tests/integration/ingest_rtsp_server.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/recorder.h"

using namespace std::chrono_literals;
using lynceus::ingest::CameraSource;
using lynceus::ingest::make_source;
using lynceus::ingest::Reconnect;
using lynceus::ingest::SourceSettings;
using lynceus::ingest::Transport;
using lynceus::ingest::TransportState;
using lynceus::test::Recorder;
using lynceus::test::RtspServer;

namespace {

/// All log lines of a test case.
class LogText {
 public:
  LogText() {
    lynceus::log::capture([this](std::string_view line) {
      std::lock_guard lock(mutex_);
      text_ += std::string(line) + "\n";
    });
  }
  ~LogText() { lynceus::log::capture({}); }
  std::string text() const {
    std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;  // guarded by mutex_
};

/// GStreamer's own warnings reach the log for a while.
struct TalkativeGStreamer {
  TalkativeGStreamer() {
    gst_debug_set_default_threshold(GST_LEVEL_WARNING);
    lynceus::log::set_level(lynceus::log::Level::debug);
  }
  ~TalkativeGStreamer() {
    gst_debug_set_default_threshold(GST_LEVEL_NONE);
    lynceus::log::set_level(lynceus::log::Level::info);
  }
};

std::optional<std::string> h264() {
  if (auto launch =
          RtspServer::launch("x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25", "rtph264pay")) {
    return launch;
  }
  return RtspServer::launch("openh264enc gop-size=25", "rtph264pay");
}

SourceSettings settings_of(const std::string& url, Transport transport = Transport::automatic) {
  SourceSettings settings;
  settings.detect = url;
  settings.transport = transport;
  return settings;
}

struct Camera {
  explicit Camera(const SourceSettings& settings)
      : source(make_source("cam", settings, lynceus::system_clock(), recorder, &recorder)) {
    source->start();
  }
  std::uint64_t reconnects(Reconnect reason) const {
    return source->counters().reconnects[static_cast<std::size_t>(reason)];
  }
  Recorder recorder;
  std::unique_ptr<CameraSource> source;
};

}  // namespace

#define NEED(variable, launch)                     \
  const auto variable = launch;                    \
  if (!variable) {                                 \
    WARN("skipped: the encoder is not installed"); \
    return;                                        \
  }

TEST_CASE("H.264 over TCP and UDP: frames, codec, size and counters") {
  const LogText log;
  NEED(launch, h264());
  const RtspServer server({*launch});
  for (const Transport transport : {Transport::tcp, Transport::udp}) {
    Camera camera(settings_of(server.url(), transport));
    REQUIRE(camera.recorder.more_frames(30));
    const auto status = camera.source->status();
    REQUIRE(status.state == TransportState::streaming);
    REQUIRE(status.codec == "H.264");
    REQUIRE(status.width == 640);
    REQUIRE(status.transport == (transport == Transport::udp ? "udp" : "tcp"));
    const auto& counters = camera.source->counters();
    REQUIRE(counters.bytes > 1000);
    REQUIRE(counters.decode_errors == 0);
    REQUIRE(counters.decode_cpu_us > 0);
    REQUIRE(camera.recorder.last()->luma().size() == cv::Size(640, 480));
    const auto before = std::chrono::steady_clock::now();
    camera.source->stop();
    REQUIRE(std::chrono::steady_clock::now() - before < 1500ms);
  }
}

TEST_CASE("H.265 and MJPEG") {
  const LogText log;
  struct Row {
    const char *encoder, *payloader, *codec;
  };
  for (const Row& row : {Row{"x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25", "rtph265pay", "H.265"},
                         Row{"jpegenc", "rtpjpegpay", "JPEG"}}) {
    const auto launch = RtspServer::launch(row.encoder, row.payloader);
    if (!launch) {
      WARN("skipped: no " << row.encoder);
      continue;
    }
    const RtspServer server({*launch});
    Camera camera(settings_of(server.url()));
    INFO(row.codec);
    REQUIRE(camera.recorder.more_frames(5));
    REQUIRE(camera.source->status().codec == row.codec);
  }
}

TEST_CASE("a server that dies is offline, one that returns streams again") {
  const LogText log;
  NEED(launch, h264());
  auto server = std::make_unique<RtspServer>(RtspServer::Settings{*launch});
  const int port = server->port();
  Camera camera(settings_of(server->url()));
  REQUIRE(camera.recorder.more_frames(5));
  server.reset();
  REQUIRE(camera.recorder.state(TransportState::offline));
  REQUIRE_FALSE(camera.source->status().reason.empty());
  RtspServer::Settings again{*launch};
  again.port = port;
  server = std::make_unique<RtspServer>(again);
  camera.source->network_changed();
  REQUIRE(camera.recorder.more_frames(5));
  REQUIRE(camera.recorder.state(TransportState::streaming));
  REQUIRE(camera.source->status().reason.empty());
}

TEST_CASE("credentials decide: none and wrong ones are unauthorized, right ones stream, and no log line has them") {
  NEED(launch, h264());
  const LogText log;
  lynceus::gst::init();
  const TalkativeGStreamer talkative;
  RtspServer::Settings guarded{*launch};
  guarded.user = "joe";
  guarded.password = "s3cret/p@w";
  const RtspServer server(guarded);
  for (const char* user_info : {"", "joe:wr0ngs3cretpw"}) {
    Camera camera(settings_of(server.url("/cam", user_info)));
    INFO(user_info << " " << log.text());
    REQUIRE(camera.recorder.state(TransportState::unauthorized));
    REQUIRE(camera.reconnects(Reconnect::auth) >= 1);
    REQUIRE(camera.source->status().reason.find("s3cretpw") == std::string::npos);
  }
  Camera camera(settings_of(server.url("/cam", "joe:s3cret%2Fp%40w")));
  REQUIRE(camera.recorder.more_frames(3));
  REQUIRE(log.text().find("s3cret") == std::string::npos);
  REQUIRE(log.text().find("unauthorized") != std::string::npos);
}

TEST_CASE("credentials stay secret when nobody answers") {
  const LogText log;
  lynceus::gst::init();
  int port = 0;
  if (const auto launch = h264()) port = RtspServer({*launch}).port();  // closed again
  const TalkativeGStreamer talkative;
  {
    Camera camera(settings_of("rtsp://user:s3cretpw@127.0.0.1:" + std::to_string(port ? port : 1) + "/x"));
    REQUIRE(camera.recorder.state(TransportState::offline));
    REQUIRE(camera.reconnects(Reconnect::refused) >= 1);
    for (const std::string& reason : camera.recorder.reasons()) CHECK(reason.find("s3cretpw") == std::string::npos);
  }
  REQUIRE(log.text().find("s3cretpw") == std::string::npos);
  REQUIRE(log.text().find("127.0.0.1") != std::string::npos);
}

TEST_CASE("a path that is not there is offline") {
  const LogText log;
  NEED(launch, h264());
  const RtspServer server({*launch});
  Camera camera(settings_of(server.url("/nothere")));
  REQUIRE(camera.recorder.state(TransportState::offline));
  INFO(camera.source->status().reason);
  REQUIRE(camera.reconnects(Reconnect::refused) >= 1);
}

TEST_CASE("a codec nobody decodes is unsupported, with its name") {
  const LogText log;
  const auto launch = RtspServer::launch("vp8enc deadline=1", "rtpvp8pay");
  if (!launch) {
    WARN("skipped: no vp8enc");
    return;
  }
  const RtspServer server({*launch});
  Camera camera(settings_of(server.url()));
  REQUIRE(camera.recorder.state(TransportState::unsupported));
  REQUIRE(camera.source->status().reason.find("VP8") != std::string::npos);
}

TEST_CASE("sound beside the picture is left alone") {
  const LogText log;
  NEED(launch, h264());
  const std::string both =
      launch->substr(0, launch->rfind(')')) + " audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1 pt=8 )";
  const RtspServer server({both});
  Camera camera(settings_of(server.url()));
  REQUIRE(camera.recorder.more_frames(5));
}

TEST_CASE("a camera that refuses TCP is taken by UDP, and one that refuses UDP by TCP") {
  const LogText log;
  NEED(launch, h264());
  RtspServer::Settings only_udp{*launch};
  only_udp.transports = GST_RTSP_LOWER_TRANS_UDP;
  const RtspServer server(only_udp);
  {
    Camera camera(settings_of(server.url()));
    const bool streamed = camera.recorder.more_frames(3);
    INFO(log.text());
    REQUIRE(streamed);
    REQUIRE(camera.source->status().transport == "udp");
  }
  Camera camera(settings_of(server.url(), Transport::tcp));
  REQUIRE(camera.recorder.state(TransportState::unsupported));
}

TEST_CASE("a probe of a camera") {
  const LogText log;
  NEED(launch, h264());
  const RtspServer server({*launch});
  const auto found = lynceus::ingest::probe(server.url(), 10s);
  REQUIRE(found.state == TransportState::streaming);
  REQUIRE(found.codec == "H.264");
  REQUIRE(found.width == 640);
  REQUIRE(found.fps > 15);
  REQUIRE(found.transport == "tcp");
  REQUIRE(found.kbit_per_s > 0);
}
