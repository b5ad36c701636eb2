// One client's stream: a thread that hands access units to an appsrc, each at its time.
//
// The first unit goes in at once, since a media is described only when data has passed; the rest starts with play().
// Late by more than a second (a stopped process) it skips ahead instead of catching up.
// Thread: play() from any thread; the destructor stops and joins.
#pragma once

#include <gst/app/gstappsrc.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <thread>

#include "base/gst.h"
#include "tools/simulate/channel.h"
#include "tools/simulate/player.h"

namespace lynceus::tools {

class Pacer {
 public:
  Pacer(std::shared_ptr<Channel> channel, gst::ElementPtr appsrc, std::uint64_t seed);
  ~Pacer();
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  void play();

  /// Loses or overwrites an RTP packet as the faults of the moment want it; false: lost. Thread: the streaming thread.
  bool pass_packet(GstBuffer*& packet);

 private:
  void run(std::stop_token stop);
  bool wait_for_play(std::stop_token stop);
  bool send(const Shot& shot, GstClockTime pts);
  void announce(const Shot& shot);

  const std::shared_ptr<Channel> channel_;
  const gst::ElementPtr appsrc_;
  Player player_;
  ClipPtr announced_;              // thread_ only
  std::mt19937_64 unit_random_;    // thread_ only
  std::mt19937_64 packet_random_;  // the streaming thread only
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool playing_ = false;  // guarded by mutex_
  std::jthread thread_;   // last: the others outlive it
};

}  // namespace lynceus::tools
