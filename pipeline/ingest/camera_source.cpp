#include "pipeline/ingest/camera_source.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/log.h"
#include "pipeline/ingest/feed.h"
#include "pipeline/ingest/link.h"
#include "pipeline/ingest/session.h"
#include "pipeline/ingest/session_refused.h"

namespace lynceus::ingest {
namespace {

LinkSettings link_settings(const SourceSettings& settings, const SourceKind& kind) {
  LinkSettings link;
  link.transport = settings.transport;
  link.connect_timeout = settings.connect_timeout;
  link.stall_after = std::max(settings.stall_after, kind.least_stall);
  link.repeats = kind.repeats;
  link.count_repeats = kind.count_repeats;
  link.repeat_after = kind.repeat_after;
  return link;
}

/// Cameras that lost their network together shall not come back together.
std::uint64_t seed_of(const std::string& camera, MonoTime now) {
  return std::hash<std::string>{}(camera) ^ static_cast<std::uint64_t>(now.time_since_epoch().count());
}

class Source final : public CameraSource {
 public:
  Source(const std::string& camera, const SourceSettings& settings, Clock& clock, FrameSink* frames, StateSink* state,
         std::shared_ptr<EncodedSink> encoded)
      : settings_(settings),
        kind_(kind_of_source(settings)),
        clock_(clock),
        states_(state),
        intake_(std::make_shared<Intake>(camera, settings.fps, clock, frames, std::move(encoded))),
        decoder_(settings.decoder) {
    status_.state_since = clock.wall();
  }
  ~Source() override { stop(); }

  void start() override {
    if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  }

  void stop() override {
    intake_->close();
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

  SourceStatus status() const override {
    SourceStatus status;
    {
      std::lock_guard lock(mutex_);
      status = status_;
    }
    auto look = intake_->look();
    status.width = look.width;
    status.height = look.height;
    status.codec = std::move(look.codec);
    status.decoder = std::move(look.decoder);
    if (status.decoder_trouble.empty()) status.decoder_trouble = std::move(look.decoder_trouble);
    return status;
  }

  const SourceCounters& counters() const override { return std::as_const(*intake_).counters(); }
  void network_changed() override { intake_->network_changed(); }

 private:
  void run(std::stop_token stop) {
    Link link(link_settings(settings_, kind_), seed_of(intake_->camera(), clock_.now()), clock_.now());
    while (!stop.stop_requested()) {
      act(link);
      publish(link);
      hear(link, intake_->wait(stop, link.deadline()));
    }
    session_.reset();
  }

  void act(Link& link) {
    for (;;) {
      switch (link.step(clock_.now())) {
        case Link::Step::nothing:
          return;
        case Link::Step::close:
          end_session();
          break;
        case Link::Step::open:
          open(link);
          break;
      }
      publish(link);
    }
  }

  void open(Link& link) {
    const Feed feed(intake_, intake_->renew());
    try {
      session_ = kind_.open({settings_, link.transport(), decoder_}, feed);
    } catch (const SessionRefused& refused) {
      give_up_decoder(refused.failed_decoder());
      link.ended(refused.failure(), clock_.now());
    } catch (const std::exception& error) {
      link.ended({Reconnect::format, TransportState::unsupported, log::redact(error.what())}, clock_.now());
    }
  }

  void end_session() {
    if (session_) give_up_decoder(session_->failed_decoder());
    session_.reset();
  }

  /// What fails on this camera's stream once would fail again: software from now on.
  void give_up_decoder(const std::string& decoder) {
    if (decoder.empty() || decoder_ == Decoder::software) return;
    decoder_ = Decoder::software;
    log::warning("ingest", "the hardware decoder fails on this stream, software from now on",
                 {{"camera", intake_->camera()}, {"decoder", decoder}});
    std::lock_guard lock(mutex_);
    status_.decoder_trouble = decoder + " failed on this stream";
  }

  void hear(Link& link, const News& news) {
    if (news.network_changed) link.network_changed(clock_.now());
    if (news.frame) link.frame(*news.frame);
    if (news.failure) link.ended(*news.failure, clock_.now());
  }

  void publish(const Link& link) {
    auto& reconnects = intake_->counters().reconnects;
    for (std::size_t i = 0; i < reconnects.size(); ++i) reconnects[i].store(link.ends()[i], std::memory_order_relaxed);
    if (link.state() != TransportState::streaming) intake_->expect_frame();
    {
      std::lock_guard lock(mutex_);
      if (status_.state == link.state() && status_.reason == link.reason() && told_) return;
      if (status_.state != link.state()) status_.state_since = clock_.wall();
      status_.state = link.state();
      status_.reason = link.reason();
      if (kind_.has_transport) status_.transport = link.transport() == Transport::udp ? "udp" : "tcp";
      told_ = true;
    }
    tell(link);
  }

  void tell(const Link& link) const {
    const bool well = link.state() == TransportState::streaming || link.state() == TransportState::connecting;
    log::write(well ? log::Level::info : log::Level::warning, "ingest", name(link.state()),
               {{"camera", intake_->camera()}, {"url", redacted(settings_.detect)}, {"reason", link.reason()}});
    if (states_) states_->on_state(intake_->camera(), link.state(), link.reason());
  }

  const SourceSettings settings_;
  const SourceKind kind_;
  Clock& clock_;
  StateSink* const states_;
  const std::shared_ptr<Intake> intake_;
  mutable std::mutex mutex_;
  SourceStatus status_;               // guarded by mutex_
  bool told_ = false;                 // guarded by mutex_
  std::unique_ptr<Session> session_;  // control thread only
  Decoder decoder_;                   // control thread only
  std::jthread thread_;
};

}  // namespace

const char* name(TransportState state) {
  switch (state) {
    case TransportState::connecting:
      return "connecting";
    case TransportState::streaming:
      return "streaming";
    case TransportState::stalled:
      return "stalled";
    case TransportState::unauthorized:
      return "unauthorized";
    case TransportState::unsupported:
      return "unsupported";
    case TransportState::offline:
      break;
  }
  return "offline";
}

const char* name(Reconnect reason) {
  switch (reason) {
    case Reconnect::eos:
      return "eos";
    case Reconnect::timeout:
      return "timeout";
    case Reconnect::refused:
      return "refused";
    case Reconnect::auth:
      return "auth";
    case Reconnect::network:
      return "network";
    case Reconnect::format:
      break;
  }
  return "format";
}

std::unique_ptr<CameraSource> make_source(const std::string& camera, const SourceSettings& settings, Clock& clock,
                                          FrameSink& frames, StateSink* state, std::shared_ptr<EncodedSink> encoded) {
  return std::make_unique<Source>(camera, settings, clock, &frames, state, std::move(encoded));
}

std::unique_ptr<CameraSource> make_evidence_source(const std::string& camera, const SourceSettings& settings,
                                                   Clock& clock, std::shared_ptr<EncodedSink> encoded) {
  SourceSettings other = settings;
  other.detect = settings.evidence;
  other.fps = 0;
  return std::make_unique<Source>(camera, other, clock, nullptr, nullptr, std::move(encoded));
}

}  // namespace lynceus::ingest
