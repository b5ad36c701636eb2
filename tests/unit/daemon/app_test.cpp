// The small parts of app/: command line, exposure, start list, settings, systemd.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/tokens.h"
#include "daemon/app/command_line.h"
#include "daemon/app/exposure_rules.h"
#include "daemon/app/service_manager.h"
#include "daemon/app/settings_equal.h"
#include "daemon/app/start_list.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace lynceus;
using namespace lynceus::daemon;
using namespace lynceus::test;

TEST_CASE("the command line") {
  const auto line = parse_command_line({"--config", "a.yaml", "--log-level", "debug", "--port-file", "p", "--check"});
  CHECK(line.config == "a.yaml");
  CHECK(line.log_level == "debug");
  CHECK(line.port_file == "p");
  CHECK(line.check);
  CHECK(parse_command_line({"--help"}).help);
  for (const std::vector<std::string>& bad : {std::vector<std::string>{}, {"--config"}, {"--confg", "x"}, {"x"}}) {
    try {
      parse_command_line(bad);
      FAIL("accepted");
    } catch (const Error& e) {
      CHECK(e.exit() == Exit::usage);
    }
  }
}

TEST_CASE("an address others can reach is refused without a token and without auth: none") {
  TempFolder folder;
  config::ServerSettings server;
  config::StorageSettings storage;
  storage.directory = folder.path();
  CHECK_NOTHROW(check_exposure(server, storage));
  for (const char* open : {"0.0.0.0", "192.168.1.5", "::", "cameras.example"}) {
    server.address = open;
    server.auth = config::ServerSettings::Auth::tokens;
    CHECK_THROWS_AS(check_exposure(server, storage), Error);
    server.auth = config::ServerSettings::Auth::none;
    CHECK_NOTHROW(check_exposure(server, storage));
  }
  server.auth = config::ServerSettings::Auth::tokens;
  try {
    check_exposure(server, storage);
  } catch (const Error& e) {
    CHECK(e.exit() == Exit::bad_config);
    CHECK(std::string(e.what()).find("lynceus token add --state " + folder.path()) != std::string::npos);
  }
  config::add_token(folder.path(), "ops", config::Role::view, {});
  CHECK_NOTHROW(check_exposure(server, storage));
  server.tls_certificate = "cert.pem";
  CHECK_THROWS_AS(check_exposure(server, storage), Error);
}

TEST_CASE("the start list ends in reverse order, also when a step fails") {
  std::string told;
  {
    StartList list;
    list.step(
        "a", [&] { told += "a"; }, [&] { told += "A"; });
    list.step(
        "b", [&] { told += "b"; }, [&] { told += "B"; });
    CHECK_THROWS(list.step(
        "c", [] { throw std::runtime_error("no"); }, [&] { told += "C"; }));
  }
  CHECK(told == "abBA");
}

TEST_CASE("settings are equal until anything differs") {
  camera::CameraSettings a;
  a.id = "lobby";
  a.source.detect = "sim://still";
  a.analyzers.push_back({"health", {}, sdk::Options({{"dark", 0.5}}), {{"door", {{0, 0}, {1, 1}}, {}}}, {}});
  a.ground = sdk::Ground{};
  const camera::CameraSettings same = a;
  CHECK(equal(a, same));

  const auto differs = [&](auto change) {
    camera::CameraSettings b = a;
    change(b);
    return !equal(a, b);
  };
  CHECK(differs([](auto& b) { b.name = "x"; }));
  CHECK(differs([](auto& b) { b.source.fps = 5; }));
  CHECK(differs([](auto& b) { b.analyzers[0].options = sdk::Options({{"dark", 0.6}}); }));
  CHECK(differs([](auto& b) { b.analyzers[0].zones[0].polygon[0].x = 0.1; }));
  CHECK(differs([](auto& b) { b.analyzers[0].when.mode = camera::Cadence::Mode::period; }));
  CHECK(differs([](auto& b) { b.analyzers.clear(); }));
  CHECK(differs([](auto& b) { b.ground.reset(); }));
  CHECK(differs([](auto& b) { b.ground->calibration.emplace(); }));
  CHECK(differs([](auto& b) { b.motion_masks.push_back({}); }));
  CHECK(differs([](auto& b) { b.arm.push_back({}); }));

  config::Config one, two;
  two.cameras.push_back(a);
  two.alarms.off_delay = std::chrono::seconds{1};
  two.notify.sinks.emplace_back();
  CHECK(equal_but_reloadable(one, two));
  two.server.port = 1;
  CHECK_FALSE(equal_but_reloadable(one, two));
}

namespace {

/// The other end of $NOTIFY_SOCKET.
class Listener {
 public:
  explicit Listener(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), length) == 0);
  }
  ~Listener() { ::close(fd_); }

  std::string next() const {
    char text[256];
    const auto got = ::recv(fd_, text, sizeof text, MSG_DONTWAIT);
    return got < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(got));
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("systemd hears how we are, by path and by abstract name") {
  TempFolder folder;
  for (const std::string& name : {folder.path() + "/notify", "@lynceus-test-" + std::to_string(getpid())}) {
    const Listener systemd(name);
    const ServiceManager service(name);
    service.ready("2 of 2\ncameras");
    CHECK(systemd.next() == "READY=1\nSTATUS=2 of 2 cameras");
    service.watchdog();
    CHECK(systemd.next() == "WATCHDOG=1");
    service.reloading();
    CHECK(systemd.next().rfind("RELOADING=1\nMONOTONIC_USEC=", 0) == 0);
    service.stopping();
    CHECK(systemd.next() == "STOPPING=1");
  }
}

TEST_CASE("nobody to notify is no trouble") {
  ServiceManager(std::string{}).ready("x");
  ServiceManager(std::string("/nowhere/at/all")).ready("x");
  ServiceManager(std::string("no-path")).ready("x");
  ServiceManager(std::string(500, '/')).ready("x");
}
