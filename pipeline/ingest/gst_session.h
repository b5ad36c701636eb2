// A session that is a GStreamer pipeline: bus, decoding, appsink and a tear-down that cannot hang the caller.
//
// The concrete kinds (rtsp_session.cpp …) put their elements in before play(). Bus messages are translated in the
// posting thread and dropped: nobody polls. Setting a pipeline to NULL can block in a library (name look-up, a camera
// that does not answer TEARDOWN); a thread of its own does it, and after 800 ms it is left behind to finish alone,
// holding nothing but the pipeline and the Flow. Thread: bound to its owner.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/gst.h"
#include "pipeline/ingest/flow.h"
#include "pipeline/ingest/session.h"
#include "pipeline/ingest/session_refused.h"

namespace lynceus::ingest {

/// Sets a pipeline to NULL and lets go of it, waiting no longer than 800 ms. Thread: any.
void bury(gst::ElementPtr pipeline);

struct Bury {
  void operator()(GstElement* pipeline) const { bury(gst::ElementPtr(pipeline)); }
};
using PipelinePtr = std::unique_ptr<GstElement, Bury>;
PipelinePtr make_pipeline();

class GstSession : public Session {
 public:
  GstSession(Feed feed, Decoder decoder, Flow::Pace pace = Flow::Pace::as_it_comes);
  ~GstSession() override;
  GstSession(const GstSession&) = delete;
  GstSession& operator=(const GstSession&) = delete;

  std::string failed_decoder() const override { return flow_->failed_decoder(); }
  GstBin* bin() const { return GST_BIN(pipeline_.get()); }
  const std::shared_ptr<Flow>& flow() const { return flow_; }
  /// Throws SessionRefused when the pipeline will not start.
  void play();

 private:
  std::shared_ptr<Flow> flow_;
  PipelinePtr pipeline_;
};

}  // namespace lynceus::ingest
