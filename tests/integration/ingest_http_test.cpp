// Web cameras: a still picture that is fetched again and again, and a multipart stream.
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/gst.h"
#include "base/log.h"
#include "pipeline/ingest/camera_source.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/answering_server.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/recorder.h"

using namespace std::chrono_literals;
using lynceus::ingest::make_source;
using lynceus::ingest::Reconnect;
using lynceus::ingest::SourceSettings;
using lynceus::ingest::TransportState;
using lynceus::test::AnsweringServer;

namespace {

std::string jpeg(int grey) {
  const auto bytes = lynceus::picture::encode_jpeg(cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(grey)));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

SourceSettings settings_of(const std::string& url) {
  SourceSettings settings;
  settings.detect = url;
  settings.fps = 20;
  return settings;
}

struct Quiet {
  Quiet() {
    lynceus::log::capture([](std::string_view) {});
  }
  ~Quiet() { lynceus::log::capture({}); }
};

bool need_soup() {
  if (lynceus::gst::have_element("souphttpsrc")) return true;
  WARN("skipped: no souphttpsrc");
  return false;
}

}  // namespace

TEST_CASE("a still picture is fetched again and again and counts as a stream") {
  const Quiet quiet;
  if (!need_soup()) return;
  const std::string body = jpeg(90);
  const AnsweringServer server("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
  lynceus::test::Recorder recorder;
  auto source = make_source("cam", settings_of(server.url("shot")), lynceus::system_clock(), recorder, &recorder);
  source->start();
  REQUIRE(recorder.more_frames(4));
  REQUIRE(recorder.state(TransportState::streaming));
  REQUIRE(source->status().codec == "JPEG");
  REQUIRE(source->counters().reconnects[static_cast<std::size_t>(Reconnect::eos)] == 0);
  REQUIRE(recorder.last()->size() == cv::Size(64, 48));
  const auto pixel = recorder.last()->bgr().at<cv::Vec3b>(10, 10);
  CHECK(std::abs(pixel[1] - 90) <= 2);
  source->stop();
}

TEST_CASE("a multipart stream") {
  const Quiet quiet;
  if (!need_soup()) return;
  std::string body;
  for (int i = 0; i < 6; ++i) {
    const std::string picture = jpeg(50 + 20 * i);
    body += "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.size()) + "\r\n\r\n" +
            picture + "\r\n";
  }
  const AnsweringServer server(
      "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\nConnection: close\r\n\r\n" + body);
  lynceus::test::Recorder recorder;
  auto settings = settings_of(server.url("shot"));
  settings.fps = 0;
  auto source = make_source("cam", settings, lynceus::system_clock(), recorder, &recorder);
  source->start();
  REQUIRE(recorder.more_frames(5));
  REQUIRE(recorder.state(TransportState::streaming));
  source->stop();
}

TEST_CASE("a web camera that wants a password, and one that has no picture") {
  const Quiet quiet;
  if (!need_soup()) return;
  const AnsweringServer guarded(
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"cam\"\r\nContent-Length: 0\r\nConnection: "
      "close\r\n\r\n");
  lynceus::test::Recorder recorder;
  auto source = make_source("cam", settings_of(guarded.url("shot")), lynceus::system_clock(), recorder, &recorder);
  source->start();
  REQUIRE(recorder.state(TransportState::unauthorized));
  source->stop();

  const AnsweringServer words(
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>hello</html>");
  lynceus::test::Recorder other;
  source = make_source("cam", settings_of(words.url("shot")), lynceus::system_clock(), other, &other);
  source->start();
  REQUIRE((other.state(TransportState::unsupported, 5s) || other.state(TransportState::offline, 5s)));
  source->stop();
}
