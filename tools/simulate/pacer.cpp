#include "tools/simulate/pacer.h"

#include <chrono>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRtpHeader = 14;  // fixed header and the payload's first two bytes
constexpr double kSpoiledPacketShare = 0.02;

gst::BufferPtr shared_buffer(const ClipPtr& clip, std::size_t unit) {
  const auto bytes = clip->unit(unit);
  auto* data = const_cast<std::byte*>(bytes.data());  // read-only by the flag
  return gst::BufferPtr(gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, data, bytes.size(), 0, bytes.size(),
                                                    new ClipPtr(clip),
                                                    [](gpointer p) { delete static_cast<ClipPtr*>(p); }));
}

gst::BufferPtr copied_buffer(const std::vector<std::byte>& bytes) {
  gst::BufferPtr buffer(gst_buffer_new_allocate(nullptr, bytes.size(), nullptr));
  gst_buffer_fill(buffer.get(), 0, bytes.data(), bytes.size());
  return buffer;
}

double unit_interval(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

}  // namespace

Pacer::Pacer(std::shared_ptr<Channel> channel, gst::ElementPtr appsrc, std::uint64_t seed)
    : channel_(std::move(channel)),
      appsrc_(std::move(appsrc)),
      player_(*channel_, channel_->position(system_clock().now())),
      unit_random_(seed),
      packet_random_(seed + 1) {
  ++channel_->clients;
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

Pacer::~Pacer() {
  thread_.request_stop();
  thread_.join();
  --channel_->clients;
}

void Pacer::play() {
  {
    std::lock_guard lock(mutex_);
    if (playing_) return;
    playing_ = true;
  }
  changed_.notify_all();
}

bool Pacer::wait_for_play(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  return changed_.wait(lock, std::move(stop), [&] { return playing_; });
}

void Pacer::announce(const Shot& shot) {
  if (shot.clip == announced_) return;
  announced_ = shot.clip;
  const gst::CapsPtr caps(gst_caps_from_string(caps_of(*announced_).c_str()));
  gst_app_src_set_caps(GST_APP_SRC(appsrc_.get()), caps.get());
}

bool Pacer::send(const Shot& shot, GstClockTime pts) {
  announce(shot);
  const auto& unit = shot.clip->units[shot.unit];
  auto buffer = shot.spoiled ? copied_buffer(spoil(shot.clip->unit(shot.unit), shot.clip->codec, unit_random_))
                             : shared_buffer(shot.clip, shot.unit);
  GST_BUFFER_DTS(buffer.get()) = pts;
  GST_BUFFER_PTS(buffer.get()) = pts + static_cast<GstClockTime>(unit.shown_after_ns);
  GST_BUFFER_DURATION(buffer.get()) = static_cast<GstClockTime>(shot.lasts_ns);
  if (!unit.key) GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DELTA_UNIT);
  ++channel_->sent;  // before it goes: no client has seen more than were counted
  if (gst_app_src_push_buffer(GST_APP_SRC(appsrc_.get()), buffer.release()) == GST_FLOW_OK) return true;
  --channel_->sent;
  return false;
}

void Pacer::run(std::stop_token stop) {
  auto& clock = system_clock();
  // Whatever the faults say, a client is answered with a picture of the clip it will see.
  auto effects = channel_->effects(clock.now());
  effects.stall = effects.garbage = false;
  Shot shot = player_.next(effects);
  if (!send(shot, 0) || !wait_for_play(stop)) return;

  MonoTime due = clock.now();
  GstClockTime pts = gst_element_get_current_running_time(appsrc_.get());
  if (!GST_CLOCK_TIME_IS_VALID(pts)) pts = 0;
  for (;;) {
    due += std::chrono::nanoseconds(shot.lasts_ns);
    pts += static_cast<GstClockTime>(shot.lasts_ns);
    if (const auto late = clock.now() - due; late > 1s) {
      due += late;
      pts += static_cast<GstClockTime>(std::chrono::nanoseconds(late).count());
    }
    if (!clock.sleep_until(stop, due)) return;
    shot = player_.next(channel_->effects(clock.now()));
    if (!shot.silent && !send(shot, pts)) return;
  }
}

bool Pacer::pass_packet(GstBuffer*& packet) {
  const auto effects = channel_->effects(system_clock().now());
  if (effects.loss_percent > 0 && unit_interval(packet_random_) * 100 < effects.loss_percent) return false;
  if (!effects.garbage || unit_interval(packet_random_) >= kSpoiledPacketShare) return true;
  packet = gst_buffer_make_writable(packet);
  GstMapInfo map;
  if (!gst_buffer_map(packet, &map, GST_MAP_READWRITE)) return true;
  for (std::size_t i = kRtpHeader; i < map.size; ++i) map.data[i] = static_cast<guint8>(packet_random_());
  gst_buffer_unmap(packet, &map);
  return true;
}

}  // namespace lynceus::tools
