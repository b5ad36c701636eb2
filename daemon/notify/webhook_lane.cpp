// A webhook with its socket, its timer and the mutex that keeps both apart.
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <random>
#include <utility>

#include "base/log.h"
#include "config/url.h"
#include "daemon/notify/lane.h"
#include "daemon/notify/web_client.h"
#include "daemon/notify/webhook.h"

namespace lynceus::daemon::notify {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kAfterTrouble{1};

WebClient::Settings client_of(const config::SinkSettings& sink, const std::string& version) {
  return {sink.url, sink.verify_tls, sink.ca_file, sink.timeout, "Lynceus/" + version};
}

/// What the handlers share: a handler that comes late finds it stopped.
class Core : public std::enable_shared_from_this<Core> {
 public:
  Core(config::SinkSettings sink, const Notifier::Parts& parts)
      : io_(parts.io),
        clock_(parts.clock),
        timer_(parts.io),
        client_(parts.io, client_of(sink, parts.version)),
        webhook_(webhook_parts(std::move(sink), parts)) {}

  void owed() {
    asio::post(io_, [self = shared_from_this()] { self->locked([&] { self->webhook_.owed(); }); });
  }

  void revive() {
    asio::post(io_, [self = shared_from_this()] { self->locked([&] { self->webhook_.revive(); }); });
  }

  void test(std::function<void(bool, const std::string&)> done) {
    asio::post(io_, [self = shared_from_this(), done = std::move(done)] {
      if (!self->locked([&] { self->webhook_.test(done); })) done(false, "the sink has ended");
    });
  }

  void start() {
    asio::post(io_, [self = shared_from_this()] { self->locked([] {}); });
  }

  /// Nothing of the daemon is touched after this.
  void stop() {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    timer_.cancel();
    client_.cancel();
  }

  void describe(Notifier::Status& out) const {
    std::lock_guard lock(mutex_);
    out.enabled = !webhook_.health().is_disabled();
    out.healthy = webhook_.health().healthy();
    out.last_error = webhook_.health().last_error();
  }

 private:
  Webhook::Parts webhook_parts(config::SinkSettings sink, const Notifier::Parts& parts) {
    return {.sink = sink,
            .sender = {parts.site, parts.version},
            .outbox = parts.outbox,
            .random = [this] { return std::uniform_real_distribution<double>(0, 1)(random_); },
            .post = [this](Post post, auto done) { send(std::move(post), std::move(done)); },
            .now =
                [this] {
                  return Now{clock_.now(), clock_.wall()};
                },
            .counted =
                [counted = parts.counted, name = sink.name](const auto& result) {
                  if (counted) counted(name, result);
                },
            .condition = parts.condition,
            .raised = [raised = parts.raised] { return raised ? raised().size() : 0; }};
  }

  void send(Post post, std::function<void(const Answer&)> done) {
    client_.post(std::move(post), [weak = weak_from_this(), done = std::move(done)](const Answer& answer) {
      if (const auto self = weak.lock()) self->locked([&] { done(answer); });
    });
  }

  /// Runs the step, then whatever is due; false when it is over.
  template <class Step>
  bool locked(Step step) {
    std::lock_guard lock(mutex_);
    if (stopped_) return false;
    try {
      step();
      arm(webhook_.pump());
    } catch (const std::exception& error) {  // the database, or no memory: neither may end the daemon
      log::error("notify", "a sink's turn failed", {{"why", error.what()}});
      arm(clock_.now() + kAfterTrouble);
    }
    return true;
  }

  void arm(MonoTime due) {
    timer_.cancel();
    if (due == MonoTime::max()) return;
    timer_.expires_after(std::max(due - clock_.now(), MonoTime::duration::zero()));
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      if (error) return;
      if (const auto self = weak.lock()) self->locked([] {});
    });
  }

  asio::io_context& io_;
  Clock& clock_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  bool stopped_ = false;
  std::mt19937_64 random_{std::random_device{}()};
  asio::steady_timer timer_;
  WebClient client_;
  Webhook webhook_;
};

class WebhookLane final : public Lane {
 public:
  WebhookLane(const config::SinkSettings& sink, const Notifier::Parts& parts)
      : name_(sink.name), url_(config::shown_web_url(sink.url)), core_(std::make_shared<Core>(sink, parts)) {
    core_->start();
  }
  ~WebhookLane() override { core_->stop(); }

  void owed() override { core_->owed(); }
  void revive() override { core_->revive(); }
  void test(std::function<void(bool, const std::string&)> done) override { core_->test(std::move(done)); }
  void stop() override { core_->stop(); }
  Notifier::Status status() const override {
    Notifier::Status out;
    out.sink = name_;
    out.kind = "webhook";
    out.url = url_;
    core_->describe(out);
    return out;
  }

 private:
  const std::string name_, url_;
  const std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<Lane> make_webhook_lane(const config::SinkSettings& sink, const Notifier::Parts& parts) {
  return std::make_unique<WebhookLane>(sink, parts);
}

}  // namespace lynceus::daemon::notify
