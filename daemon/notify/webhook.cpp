#include "daemon/notify/webhook.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "daemon/notify/signature.h"

namespace lynceus::daemon::notify {
namespace {

/// A receiver that answers at once gets one request after the other; one far away several at a time, so that the way
/// there does not bound what can be told. Each alarm's changes stay in order either way.
constexpr std::size_t kMostUnderWay = 8;
constexpr double kAnswerWorthAnother_s = 0.02;
constexpr double kSmooth = 0.2;
constexpr std::chrono::seconds kCountAgain{10};

Schedule::Settings schedule_of(const config::SinkSettings& sink) {
  return {sink.name, sink.group, sink.rate_per_s, 100};
}

}  // namespace

Webhook::Webhook(Parts parts)
    : parts_(std::move(parts)),
      schedule_(schedule_of(parts_.sink), parts_.outbox, parts_.random),
      health_(parts_.sink.name, parts_.condition) {
  if (parts_.sink.heartbeat.count() > 0) next_beat_ = parts_.now().mono;
}

std::size_t Webhook::most_under_way() const {
  const auto many = static_cast<std::size_t>(answer_s_ / kAnswerWorthAnother_s);
  return std::clamp<std::size_t>(many, 1, kMostUnderWay);
}

MonoTime Webhook::pump() {
  if (health_.is_disabled()) return MonoTime::max();
  const Now now = parts_.now();
  while (auto parcel = schedule_.next(now, most_under_way())) send(std::move(*parcel));
  if (now.mono >= next_beat_) beat();
  look(next_count_ == MonoTime{});
  return std::min({schedule_.wake_at(now, most_under_way()), beating_ ? MonoTime::max() : next_beat_,
                   health_.look_at().value_or(MonoTime::max()), parked_ > 0 ? next_count_ : MonoTime::max()});
}

Post Webhook::request(const Message& message) const {
  const auto since = parts_.now().wall.time_since_epoch();
  const std::string timestamp = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(since).count());
  Post post{{{"Content-Type", message.type}, {"webhook-id", message.id}, {"webhook-timestamp", timestamp}},
            message.body};
  const std::string signature = webhook_signature(parts_.sink.secrets, message.id, timestamp, message.body);
  if (!signature.empty()) post.headers.emplace_back("webhook-signature", signature);
  if (!parts_.sink.bearer.empty()) post.headers.emplace_back("Authorization", "Bearer " + parts_.sink.bearer);
  return post;
}

void Webhook::send(Parcel parcel) {
  const bool grouped = parts_.sink.group.count() > 0;
  const MonoTime sent = parts_.now().mono;
  parts_.post(request(message_of(parcel.rows, parts_.sink, grouped, parts_.sender)),
              [this, id = parcel.id, sent](const Answer& answer) { answered(id, sent, answer); });
}

void Webhook::answered(std::uint64_t parcel, MonoTime sent, const Answer& answer) {
  const Now now = parts_.now();
  const Verdict verdict = judge(answer, now.wall);
  const Schedule::Report report = schedule_.done(parcel, verdict, now);
  for (std::size_t i = 0; i < report.delivered; ++i) parts_.counted("delivered");
  for (std::size_t i = 0; i < report.again; ++i) parts_.counted("retry");
  for (std::size_t i = 0; i < report.failed; ++i) parts_.counted("failed");
  if (verdict.kind == Verdict::Kind::delivered) {
    const double took = std::chrono::duration<double>(now.mono - sent).count();
    answer_s_ += kSmooth * (took - answer_s_);
    health_.succeeded();
  } else {
    health_.failed(verdict.why, now.mono);
  }
  if (verdict.kind == Verdict::Kind::gone) health_.disabled(verdict.why);
  look(report.failed > 0);
}

void Webhook::look(bool count) {
  const MonoTime now = parts_.now().mono;
  if (count || (parked_ > 0 && now >= next_count_)) {
    parked_ = parts_.outbox.backlog(parts_.sink.name).failed;
    next_count_ = now + kCountAgain;
  }
  health_.look(parked_, now);
}

void Webhook::beat() {
  if (beating_) return;
  beating_ = true;
  const Now now = parts_.now();
  next_beat_ = now.mono + parts_.sink.heartbeat;
  parts_.post(request(heartbeat(parts_.sink, parts_.sender, now.wall, parts_.raised())), [this](const Answer& answer) {
    beating_ = false;
    const Now then = parts_.now();
    const Verdict verdict = judge(answer, then.wall);
    if (verdict.kind == Verdict::Kind::delivered) {
      health_.succeeded();
    } else {
      health_.failed(verdict.why, then.mono);
    }
    if (verdict.kind == Verdict::Kind::gone) health_.disabled(verdict.why);
    look();
  });
}

void Webhook::revive() {
  health_.revived();
  schedule_.hurry();
  look();
}

void Webhook::test(std::function<void(bool, const std::string&)> done) {
  const Now now = parts_.now();
  parts_.post(request(test_message(parts_.sink, parts_.sender, now.wall)),
              [this, done = std::move(done)](const Answer& answer) {
                const bool delivered = judge(answer, parts_.now().wall).kind == Verdict::Kind::delivered;
                if (delivered) revive();
                done(delivered, answer.line());
              });
}

}  // namespace lynceus::daemon::notify
