#include "tests/support/catch.h"
#include "tests/unit/config/fake_plugins.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a file without a camera is right") {
  for (const char* yaml : {"", "cameras: {}\n", "cameras:\n", "# nothing\n", "server:\n", "defaults: {fps: 5}\n"}) {
    INFO(yaml);
    const auto result = load_fake(yaml);
    REQUIRE(result.config.cameras.empty());
    REQUIRE(result.config.server.port == 8080);
    REQUIRE(result.config.server.address == "127.0.0.1");
    REQUIRE_FALSE(result.config.site.empty());
  }
}

TEST_CASE("every key of the top reaches its setting") {
  const auto config = load_fake(
                          "site: works\n"
                          "server: {address: 0.0.0.0, port: 0, auth: none, metrics_auth: none, hosts: [a.example], "
                          "plugin_dir: p, threads: 3}\n"
                          "storage: {directory: /var/x, max_bytes: 4GiB}\n"
                          "inference: {backend: cuda_fp16, threads: 2}\n")
                          .config;
  REQUIRE(config.site == "works");
  REQUIRE(config.server.address == "0.0.0.0");
  REQUIRE(config.server.port == 0);
  REQUIRE(config.server.auth == config::ServerSettings::Auth::none);
  REQUIRE_FALSE(config.server.metrics_auth);
  REQUIRE(config.server.hosts == std::vector<std::string>{"a.example"});
  REQUIRE(config.server.plugin_dir == "/nowhere/p");
  REQUIRE(config.server.threads == 3);
  REQUIRE(config.storage.directory == "/var/x");
  REQUIRE(config.storage.max_bytes == std::int64_t{4} << 30);
  REQUIRE(config.inference.backend == infer::Backend::cuda_fp16);
  REQUIRE(config.inference.threads == 2);
}

TEST_CASE("a hardware decoder is taken as it is, shared or a camera's own") {
  const auto loaded = load_fake(
      "defaults: {decoder: vaapi}\ncameras:\n  a: {url: 'sim://still'}\n  b: {url: 'sim://still', decoder: nvidia}\n");
  REQUIRE(loaded.warnings.empty());
  REQUIRE(loaded.config.cameras.at(0).source.decoder == ingest::Decoder::vaapi);
  REQUIRE(loaded.config.cameras.at(1).source.decoder == ingest::Decoder::nvidia);
}

TEST_CASE("blur without anybody who finds people is a warning") {
  const std::string camera = "cameras:\n  a: {url: 'sim://still', privacy: blur";
  REQUIRE(load_fake(camera + ", analyzers: {people: true}}\n").warnings.empty());
  REQUIRE(
      load_fake(camera + "}\n").warnings ==
      std::vector<std::string>{"t.yaml:2:6: cameras.a: 'privacy: blur' without the analyzer 'people': every picture is "
                               "blurred as a whole"});
}

TEST_CASE("the fingerprint changes with any value, not with comments") {
  const auto print = [](const std::string& yaml) { return load_fake(yaml).fingerprint; };
  const std::string one = "cameras:\n  a: {url: 'sim://still', fps: 5}\n";
  REQUIRE(print(one) == print("# of the yard\n" + one));
  REQUIRE(print(one) != print("cameras:\n  a: {url: 'sim://still', fps: 6}\n"));
  REQUIRE(print(one) != print("cameras:\n  a: {url: 'sim://still', fps: 5, analyzers: {people: {confidence: 0.6}}}\n"));
  REQUIRE(print(one) != print("cameras:\n  b: {url: 'sim://still', fps: 5}\n"));
}

TEST_CASE("every key of a camera reaches its setting") {
  const auto config = load_fake(R"(
cameras:
  a:
    streams: {detect: "rtsp://h/sub", evidence: "rtsp://h/main"}
    name: Front door
    kind: thermal
    transport: udp
    latency_ms: 50
    decoder: software
    verify_tls: false
    fps: 2.5
    enabled: false
    privacy: no_evidence
    frozen_after: 1m
    masks: {motion: [[[0, 0], [1, 0], [1, 1]]], privacy: [[[0, 0], [0.5, 0], [0.5, 0.5]]]}
    analyzers: {people: {when: 2s, detector: hog, scale: {low: 3}}}
    zones: {z: {polygon: [[0, 0], [1, 0], [1, 1]], analyzers: [people], options: {people: {confidence: 0.9}}}}
    lines: {l: {from: [0, 0.5], to: [1, 0.5]}}
    ground: {homography: {image: [[0, 0], [1, 0], [1, 1], [0, 1]], metres: [[0, 0], [4, 0], [4, 8], [-1, 8]]}}
    arm: [{days: [sat-sun], from: "22:00", to: "06:00"}]
)")
                          .config;
  REQUIRE(config.cameras.size() == 1);
  const camera::CameraSettings& a = config.cameras[0];
  REQUIRE(a.id == "a");
  REQUIRE(a.name == "Front door");
  REQUIRE(a.kind == camera::Kind::thermal);
  REQUIRE(a.source.detect == "rtsp://h/sub");
  REQUIRE(a.source.evidence == "rtsp://h/main");
  REQUIRE(a.source.transport == ingest::Transport::udp);
  REQUIRE(a.source.latency == 50ms);
  REQUIRE(a.source.decoder == ingest::Decoder::software);
  REQUIRE_FALSE(a.source.verify_tls);
  REQUIRE(a.source.fps == 2.5);
  REQUIRE_FALSE(a.enabled);
  REQUIRE(a.privacy == camera::Privacy::no_evidence);
  REQUIRE(a.motion_masks.size() == 1);
  REQUIRE(a.privacy_masks[0][1].x == 0.5);
  REQUIRE(a.ground->homography->metres[3].x == -1);

  REQUIRE(a.analyzers.size() == 2);
  REQUIRE(a.analyzers[0].plugin == "health");
  REQUIRE(a.analyzers[0].options.seconds("frozen_after") == 60);
  REQUIRE(a.analyzers[0].when.period == 1s);
  REQUIRE(a.analyzers[0].zones.empty());
  REQUIRE(a.analyzers[0].lines.size() == 1);
  const camera::AnalyzerSettings& people = a.analyzers[1];
  REQUIRE(people.when.period == 2s);
  REQUIRE(people.options.text("detector") == "hog");
  REQUIRE(people.options.number("confidence") == 0.5);
  REQUIRE(people.options.number("scale.low") == 3);
  REQUIRE_FALSE(people.options.has("model"));
  REQUIRE(people.zones.at(0).options.number("confidence") == 0.9);
  REQUIRE(people.zones.at(0).options.text("detector") == "hog");

  // Past midnight: Saturday and Sunday evening, Sunday and Monday morning.
  REQUIRE(a.arm.size() == 2);
  REQUIRE(a.arm[0].days == std::vector<int>{5, 6});
  REQUIRE(a.arm[0].to == 24h);
  REQUIRE(a.arm[1].days == std::vector<int>{0, 6});
  REQUIRE(a.arm[1].to == 6h);
}

TEST_CASE("health runs unless it is switched off") {
  const auto analyzers = [](const std::string& yaml) {
    return load_fake("cameras: {a: {url: sim://card, analyzers: " + yaml + "}}\n").config.cameras.at(0).analyzers;
  };
  REQUIRE(analyzers("{}").at(0).plugin == "health");
  REQUIRE(analyzers("{health: true}").size() == 1);
  REQUIRE(analyzers("{health: {frozen_after: 5s}}").at(0).options.seconds("frozen_after") == 5);
  REQUIRE(analyzers("{health: false}").empty());
  REQUIRE(analyzers("{people: {}, health: {}}").at(0).plugin == "people");
  REQUIRE(analyzers("{people: false}").size() == 1);
}

TEST_CASE("cameras keep the order of the file") {
  const auto config = load_fake("cameras: {z: {url: sim://card}, a: {url: sim://card}, m: {url: clip.mp4}}\n").config;
  REQUIRE(config.cameras[0].id == "z");
  REQUIRE(config.cameras[1].id == "a");
  REQUIRE(config.cameras[2].source.detect == "/nowhere/clip.mp4");
}

TEST_CASE("a slip that is no error is a warning") {
  const auto result = load_fake(
      "cameras: {a: {url: sim://card, zones: {z: {polygon: [[0, 0], [1, 0], [1, 1]], analyzers: [people]}}}}\n");
  REQUIRE(result.warnings.size() == 1);
  REQUIRE(result.warnings[0] ==
          "t.yaml:1:90: cameras.a.zones.z.analyzers: names the plugin 'people', which this camera does not run");
}

TEST_CASE("every value has an origin") {
  const auto result =
      load_fake("server: {port: 9000}\ndefaults: {fps: 5}\ncameras: {a: {url: \"rtsp://u:pw12@h/s\"}}\n");
  const auto find = [&](const std::string& key) {
    for (const config::Origin& o : result.origins) {
      if (o.key == key) return o.value + " @ " + o.where;
    }
    return std::string("none");
  };
  CHECK(find("server.port") == "9000 @ t.yaml:1:16");
  CHECK(find("server.threads") == "2 @ default");
  CHECK(find("cameras.a.fps") == "5 @ t.yaml:2:17");
  CHECK(find("cameras.a.transport") == "auto @ default");
  CHECK(find("cameras.a.url") == "rtsp://***@h/s @ t.yaml:3:20");
  CHECK(find("cameras.a.analyzers.health.frozen_after") == "10s @ default");
}

}  // namespace
}  // namespace lynceus::test
