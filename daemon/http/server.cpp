#include "daemon/http/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "daemon/http/connection.h"
#include "daemon/http/server_state.h"

namespace lynceus::daemon::http {
namespace {

using asio::ip::tcp;

constexpr milliseconds kAcceptPause{100};  // out of descriptors: others must end first

void listen(tcp::acceptor& acceptor, const ServerSettings& settings) {
  ErrorCode error;
  const std::string name = settings.address == "localhost" ? "127.0.0.1" : settings.address;
  const auto address = asio::ip::make_address(name, error);
  const std::string where = settings.address + ":" + std::to_string(settings.port);
  if (error) throw Error(Exit::bad_config, "server", "server.address", "'" + settings.address + "' is no IP address");
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(settings.port));
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw Error(Exit::fatal, "server", where, error.message());
}

Task<void> accept(std::shared_ptr<ServerState> state) {
  for (;;) {
    tcp::socket socket(asio::make_strand(state->io));
    ErrorCode error;
    co_await state->acceptor.async_accept(socket, into(error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      asio::steady_timer timer(state->io, kAcceptPause);
      co_await timer.async_wait(into(error));
      continue;
    }
    if (state->crowd.size() >= state->settings.connections) {
      state->dropped("limit");
      if (!state->crowd.make_room()) continue;
    }
    auto connection = std::make_shared<Connection>(std::move(socket), state);
    connection->enter();
    const auto executor = connection->executor();
    asio::co_spawn(executor, serve(std::move(connection)), asio::detached);
  }
}

}  // namespace

Crowd::Place::Place(Crowd& crowd, Close close)
    : crowd_(crowd), id_([&] {
        std::lock_guard lock(crowd.mutex_);
        const std::uint64_t id = crowd.next_++;
        crowd.members_[id] = {std::move(close), true, false, true, id};
        return id;
      }()) {}

Crowd::Place::~Place() {
  std::lock_guard lock(crowd_.mutex_);
  crowd_.members_.erase(id_);
}

void Crowd::Place::waits() {
  std::lock_guard lock(crowd_.mutex_);
  Member& member = crowd_.members_.at(id_);
  member.waiting = true;
  member.since = crowd_.next_++;
}

void Crowd::Place::serves() {
  std::lock_guard lock(crowd_.mutex_);
  Member& member = crowd_.members_.at(id_);
  member.waiting = member.fresh = false;
}

/// Those that never sent a whole request go first.
bool Crowd::make_room() {
  Close close;
  {
    std::lock_guard lock(mutex_);
    Member* longest = nullptr;
    for (auto& [id, member] : members_) {
      if (!member.waiting || member.leaving) continue;
      const bool sooner =
          longest == nullptr || std::pair(!member.fresh, member.since) < std::pair(!longest->fresh, longest->since);
      if (sooner) longest = &member;
    }
    if (longest == nullptr) return false;
    longest->leaving = true;
    close = longest->close;
  }
  close();
  return true;
}

int Crowd::size() const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(members_.size());
}

std::function<void(std::function<void()>)> Waker::handle() {
  return [weak = weak_from_this(), gate = gate_](std::function<void()> first) {
    std::lock_guard lock(gate->mutex);
    if (!gate->open) return;
    const auto self = weak.lock();
    if (!self) return;
    asio::post(self->timer_.get_executor(), [self, first = std::move(first)] {
      if (first) first();
      self->woken_ = true;
      self->timer_.cancel();
    });
  };
}

Task<void> Waker::wait(milliseconds at_most) {
  if (!woken_) {
    timer_.expires_after(at_most);
    ErrorCode ended;
    co_await timer_.async_wait(into(ended));
  }
  woken_ = false;
}

ServerState::ServerState(asio::io_context& context, ServerSettings given, Server::Handler answers,
                         PictureSource& source, ServerObserver hears)
    : io(context),
      settings(std::move(given)),
      handler(std::move(answers)),
      pictures(source),
      observer(std::move(hears)),
      acceptor(io) {
  if (!settings.tls_certificate.empty()) tls = std::make_unique<Tls>(settings.tls_certificate, settings.tls_key);
}

Server::Server(asio::io_context& io, ServerSettings settings, Handler handler, PictureSource& pictures,
               ServerObserver observer)
    : state_(
          std::make_shared<ServerState>(io, std::move(settings), std::move(handler), pictures, std::move(observer))) {}

Server::~Server() {
  std::lock_guard lock(state_->gate->mutex);
  state_->gate->open = false;
}

int Server::start() {
  listen(state_->acceptor, state_->settings);
  asio::co_spawn(state_->io, accept(state_), asio::detached);
  return state_->acceptor.local_endpoint().port();
}

int Server::connections() const { return state_->crowd.size(); }

}  // namespace lynceus::daemon::http
