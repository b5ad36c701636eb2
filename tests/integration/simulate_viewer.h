// A plain RTSP client for tests of the simulator: decodes, counts, and tells what it saw.
//
//   Viewer viewer(cameras.url("a"));
//   REQUIRE(viewer.wait(10s, [](const Seen& s) { return s.frames >= 5; }));
//
// Thread: bound to its owner; the counting happens in GStreamer's thread.
#pragma once

#include <gst/app/gstappsink.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "base/gst.h"

namespace lynceus::test {

struct Seen {
  int frames = 0, width = 0, height = 0;
  int repeats = 0;     ///< pictures equal to the one before
  int mean_luma = -1;  ///< of the last picture
  bool ended = false;  ///< end of stream or an error
};

class Viewer {
 public:
  explicit Viewer(const std::string& url, const std::string& protocols = "tcp");
  ~Viewer();
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  bool wait(std::chrono::seconds within, const std::function<bool(const Seen&)>& so);
  Seen seen() const;

 private:
  static GstFlowReturn on_sample(GstAppSink* sink, gpointer self);
  static GstBusSyncReply on_message(GstBus*, GstMessage* message, gpointer self);
  void look(GstSample* sample);

  gst::ElementPtr pipeline_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;               // guarded by mutex_
  std::size_t before_ = 0;  // guarded by mutex_: hash of the last picture
};

}  // namespace lynceus::test
