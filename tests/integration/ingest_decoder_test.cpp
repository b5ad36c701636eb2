// Hardware decoders over real RTSP, with a fake in the place of NVIDIA's: taken where it works, left where it does not.
#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "pipeline/ingest/camera_source.h"
#include "tests/integration/fake_decoder.h"
#include "tests/integration/fake_device.h"
#include "tests/integration/ingest_rtsp_server.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/recorder.h"

using namespace std::chrono_literals;
using lynceus::ingest::CameraSource;
using lynceus::ingest::Decoder;
using lynceus::ingest::SourceSettings;
using lynceus::ingest::SourceStatus;
using lynceus::sdk::Frame;
using lynceus::test::FakeDecoder;
using lynceus::test::FakeDecoderMode;
using lynceus::test::Recorder;
using lynceus::test::RtspServer;

namespace {

struct Stage {
  explicit Stage(Decoder decoder) {
    lynceus::log::capture([](std::string_view) {});
    auto launch = RtspServer::launch("x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25", "rtph264pay");
    if (!launch) launch = RtspServer::launch("openh264enc gop-size=25", "rtph264pay");
    if (!launch || !lynceus::test::register_fake_decoder()) return;
    server = std::make_unique<RtspServer>(RtspServer::Settings{*launch});
    SourceSettings settings;
    settings.detect = server->url();
    settings.decoder = decoder;
    settings.connect_timeout = 2s;
    source = make_source("cam", settings, lynceus::system_clock(), recorder, &recorder);
    source->start();
  }
  ~Stage() {
    source.reset();
    lynceus::log::capture({});
  }

  /// The fake's pictures are all of one brightness, the stream's are not.
  bool sees(bool fake) {
    return recorder.frame([fake](const Frame& frame) {
      return (frame.luma().at<unsigned char>(5, 5) == 77 && frame.luma().at<unsigned char>(400, 600) == 77) == fake;
    });
  }

  Recorder recorder;
  std::unique_ptr<RtspServer> server;
  std::unique_ptr<CameraSource> source;
};

}  // namespace

#define NEED_STREAM(stage)                                                        \
  if (!stage.source) {                                                            \
    WARN("skipped: no encoder for H.264, or a real decoder has the fake's name"); \
    return;                                                                       \
  }

TEST_CASE("a hardware decoder that works is taken, by `auto` and by name") {
  const FakeDecoderMode mode(FakeDecoder::works);
  for (const Decoder decoder : {Decoder::automatic, Decoder::nvidia}) {
    Stage stage(decoder);
    NEED_STREAM(stage);
    REQUIRE(stage.sees(true));
    const SourceStatus status = stage.source->status();
    REQUIRE(status.decoder == "nvh264dec");
    REQUIRE(status.decoder_trouble.empty());
    REQUIRE(status.width == 640);
    REQUIRE(status.codec == "H.264");
  }
}

TEST_CASE("`software` leaves a hardware decoder alone, and so does `vaapi` another's") {
  const FakeDecoderMode mode(FakeDecoder::works);
  for (const Decoder decoder : {Decoder::software, Decoder::vaapi}) {
    Stage stage(decoder);
    NEED_STREAM(stage);
    REQUIRE(stage.sees(false));
    REQUIRE(stage.source->status().decoder != "nvh264dec");
    if (decoder == Decoder::software) REQUIRE(stage.source->status().decoder_trouble.empty());
  }
}

TEST_CASE("a decoder whose device does not open is not tried; who asked for it is told") {
  const FakeDecoderMode mode(FakeDecoder::absent);
  Stage stage(Decoder::nvidia);
  NEED_STREAM(stage);
  REQUIRE(stage.sees(false));
  REQUIRE(stage.source->status().decoder_trouble == "nvh264dec does not open its device");
  Stage other(Decoder::automatic);
  REQUIRE(other.sees(false));
  REQUIRE(other.source->status().decoder_trouble.empty());
}

TEST_CASE("a decoder that fails on a stream: the camera goes on in software, and says so") {
  for (const FakeDecoder how :
       {FakeDecoder::breaks, FakeDecoder::refuses, FakeDecoder::swallows, FakeDecoder::unlinkable}) {
    INFO(static_cast<int>(how));
    const FakeDecoderMode mode(how);
    Stage stage(Decoder::automatic);
    NEED_STREAM(stage);
    REQUIRE(stage.sees(false));
    REQUIRE(stage.recorder.more_frames(10));
    const SourceStatus status = stage.source->status();
    REQUIRE(status.state == lynceus::ingest::TransportState::streaming);
    REQUIRE(status.decoder_trouble == "nvh264dec failed on this stream");
    REQUIRE(status.decoder != "nvh264dec");
  }
}

TEST_CASE("a local device in H.264 goes on in software, too, where its decoder fails or cannot even be linked") {
  lynceus::log::capture([](std::string_view) {});
  if (!lynceus::test::register_fake_device() || !lynceus::test::register_fake_decoder()) {
    WARN("skipped: no encoder for H.264, or a real decoder has the fake's name");
    return;
  }
  for (const FakeDecoder how : {FakeDecoder::unlinkable, FakeDecoder::refuses, FakeDecoder::breaks}) {
    INFO(static_cast<int>(how));
    const FakeDecoderMode mode(how);
    Recorder recorder;
    SourceSettings settings;
    settings.detect = "v4l2:///dev/video0";
    const auto source = make_source("cam", settings, lynceus::system_clock(), recorder, &recorder);
    source->start();
    // The fake's pictures are of one brightness, the ball is not.
    REQUIRE(recorder.frame([](const Frame& frame) { return frame.luma().at<unsigned char>(5, 5) < 77; }));
    const SourceStatus status = source->status();
    REQUIRE(status.decoder_trouble == "nvh264dec failed on this stream");
    REQUIRE(status.decoder != "nvh264dec");
  }
  lynceus::log::capture({});
}
