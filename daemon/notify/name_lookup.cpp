#include "daemon/notify/name_lookup.h"

#include <netdb.h>
#include <signal.h>

#include <cstring>
#include <memory>
#include <utility>

namespace lynceus::daemon::notify {
namespace {

using boost::asio::ip::tcp;

constexpr std::size_t kMostAddresses = 8;

/// Lives until the C library has answered, whoever has lost interest.
struct Request {
  std::string host, service;
  addrinfo hints{};
  gaicb block{};
  std::function<void(Addresses)> done;

  ~Request() {
    if (block.ar_result != nullptr) freeaddrinfo(block.ar_result);
  }
};

Addresses addresses_of(const gaicb& block) {
  Addresses out;
  const int error = gai_error(const_cast<gaicb*>(&block));
  if (error != 0) {
    out.error = std::string("the host's name: ") + gai_strerror(error);
    return out;
  }
  for (const addrinfo* at = block.ar_result; at != nullptr && out.endpoints.size() < kMostAddresses; at = at->ai_next) {
    tcp::endpoint endpoint;
    if (at->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), at->ai_addr, at->ai_addrlen);
    endpoint.resize(at->ai_addrlen);
    out.endpoints.push_back(endpoint);
  }
  if (out.endpoints.empty()) out.error = "the host's name: no address";
  return out;
}

void answered(sigval value) {
  const std::unique_ptr<Request> request(static_cast<Request*>(value.sival_ptr));
  request->done(addresses_of(request->block));
}

}  // namespace

void look_up(const std::string& host, int port, std::function<void(Addresses)> done) {
  boost::system::error_code no_number;
  const auto address = boost::asio::ip::make_address(host, no_number);
  if (!no_number) return done({{tcp::endpoint(address, static_cast<unsigned short>(port))}, {}});

  auto request = std::make_unique<Request>();
  request->host = host;
  request->service = std::to_string(port);
  request->done = std::move(done);
  request->hints.ai_socktype = SOCK_STREAM;
  request->hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  request->block.ar_name = request->host.c_str();
  request->block.ar_service = request->service.c_str();
  request->block.ar_request = &request->hints;

  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = answered;
  event.sigev_value.sival_ptr = request.get();
  gaicb* list[] = {&request->block};
  const int error = getaddrinfo_a(GAI_NOWAIT, list, 1, &event);
  if (error != 0) return request->done({{}, std::string("the host's name: ") + gai_strerror(error)});
  static_cast<void>(request.release());  // answered() has it now
}

}  // namespace lynceus::daemon::notify
