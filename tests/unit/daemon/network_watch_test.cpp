// The network watch over a socket of the test's own, and over the kernel's in a network namespace of its own.
#include "daemon/app/network_watch.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstring>
#include <future>
#include <string>
#include <thread>

#include "base/log.h"
#include "tests/support/catch.h"

using namespace lynceus;
using namespace lynceus::daemon;
using namespace std::chrono_literals;

namespace {

/// A watch whose kernel is the test.
struct Injected {
  Injected() { REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0); }
  ~Injected() { ::close(ends[1]); }

  void send(std::initializer_list<int> types) const {
    std::string datagram;
    for (const int type : types) {
      nlmsghdr header{};
      header.nlmsg_len = sizeof header;
      header.nlmsg_type = static_cast<decltype(header.nlmsg_type)>(type);
      datagram.append(reinterpret_cast<const char*>(&header), sizeof header);
    }
    send(datagram);
  }
  void send(const std::string& datagram) const {
    REQUIRE(::send(ends[1], datagram.data(), datagram.size(), 0) == static_cast<ssize_t>(datagram.size()));
  }

  std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("a burst of changes is told once, the next burst again") {
  boost::asio::io_context io;
  const Injected kernel;
  int told = 0;
  const NetworkWatch watch(io, kernel.ends[0], 20ms, [&] { ++told; });
  kernel.send({RTM_NEWLINK});
  kernel.send({RTM_NEWADDR, RTM_NEWROUTE});
  kernel.send({NLMSG_DONE, RTM_DELROUTE});
  while (told == 0) io.run_one_for(10s);
  CHECK(told == 1);
  kernel.send({RTM_DELADDR});
  while (told == 1) io.run_one_for(10s);
  CHECK(told == 2);
  CHECK(io.poll() == 0);
}

TEST_CASE("what is no change, or no message at all, is not told") {
  boost::asio::io_context io;
  const Injected kernel;
  int told = 0;
  const NetworkWatch watch(io, kernel.ends[0], 0ms, [&] { ++told; });
  kernel.send({NLMSG_NOOP, NLMSG_DONE, RTM_NEWNEIGH});
  kernel.send("short");
  kernel.send(std::string(64, '\0'));
  kernel.send(std::string(64, '\xff'));
  io.run_one_for(10s);
  while (io.poll() > 0) {
  }
  CHECK(told == 0);
}

TEST_CASE("without a socket the watch is silent, and says so once") {
  boost::asio::io_context io;
  std::string line;
  log::capture([&](std::string_view text) { line += text; });
  const NetworkWatch watch(io, -1, 0ms, [] {});
  log::capture({});
  CHECK(line.find("network: changes of the network are not heard") != std::string::npos);
  CHECK(io.poll() == 0);
}

namespace {

bool switch_loopback_on() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  const bool done = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
  ::close(socket);
  return done;
}

}  // namespace

TEST_CASE("the kernel tells when an interface comes up") {
  std::promise<std::string> outcome;
  std::jthread thread([&] {  // a thread may leave the network of its process for an empty one
    if (::unshare(CLONE_NEWNET) != 0) return outcome.set_value("skipped: no network namespace may be made here");
    boost::asio::io_context io;
    int told = 0;
    const NetworkWatch watch(io, open_route_socket(), 10ms, [&] { ++told; });
    if (!switch_loopback_on()) return outcome.set_value("skipped: no interface may be switched here");
    for (int i = 0; i < 100 && told == 0; ++i) io.run_one_for(10s);
    outcome.set_value(told > 0 ? "told" : "not told");
  });
  const std::string what = outcome.get_future().get();
  if (what.rfind("skipped", 0) == 0) {
    WARN(what);
    return;
  }
  CHECK(what == "told");
}
