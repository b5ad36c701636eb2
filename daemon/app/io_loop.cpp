#include "daemon/app/io_loop.h"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <exception>
#include <list>
#include <thread>
#include <utility>

#include "base/log.h"

namespace lynceus::daemon {
namespace {

namespace asio = boost::asio;

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

struct Repeating {
  Repeating(asio::io_context& io, std::chrono::milliseconds every, std::function<void()> act)
      : timer(io), period(every), action(std::move(act)) {}

  void next() {
    timer.expires_after(period);
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      action();
      next();
    });
  }

  asio::steady_timer timer;
  const std::chrono::milliseconds period;
  const std::function<void()> action;
};

/// A handler that throws is a bug of ours, not a reason to end: told, and on with the next.
void run(asio::io_context& io) {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  for (;;) {
    try {
      io.run();
      return;
    } catch (const std::exception& e) {
      log::error("io", "a handler failed", {{"why", e.what()}});
    }
  }
}

}  // namespace

void block_signals() {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

struct IoLoop::Impl {
  asio::io_context io;
  asio::signal_set signals{io};
  std::function<void(int)> on_signal;
  std::list<Repeating> repeating;
  std::vector<std::jthread> threads;

  void next_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      on_signal(signal);
      next_signal();
    });
  }
};

IoLoop::IoLoop() : impl_(std::make_unique<Impl>()) {}
IoLoop::~IoLoop() { stop(); }

asio::io_context& IoLoop::context() { return impl_->io; }

void IoLoop::on_signals(std::function<void(int)> handler) {
  impl_->on_signal = std::move(handler);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) impl_->signals.add(signal);
  impl_->next_signal();
}

void IoLoop::every(std::chrono::milliseconds period, std::function<void()> action) {
  impl_->repeating.emplace_back(impl_->io, period, std::move(action)).next();
}

void IoLoop::start(int threads) {
  for (int i = 0; i < std::max(1, threads); ++i) impl_->threads.emplace_back([this] { run(impl_->io); });
}

void IoLoop::stop() {
  impl_->io.stop();
  impl_->threads.clear();
}

}  // namespace lynceus::daemon
