#include "pipeline/ingest/gst_session.h"

#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "base/log.h"
#include "pipeline/ingest/failure.h"
#include "pipeline/ingest/held.h"

namespace lynceus::ingest {
namespace {

GstBusSyncReply hear(GstBus*, GstMessage* message, gpointer data) {
  Held<Flow>(data)->on_message(message);
  gst_message_unref(message);
  return GST_BUS_DROP;
}

}  // namespace

GstSession::GstSession(Feed feed, Decoder decoder, Flow::Pace pace) {
  gst::init();
  flow_ = std::make_shared<Flow>(std::move(feed), decoder, pace);
  pipeline_ = make_pipeline();
  const gst::BusPtr bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), hear, hold(flow_), let_go<Flow>);
}

GstSession::~GstSession() { flow_->stop(); }

void GstSession::play() {
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  // The element has usually said why by a message; this is heard only where it has not.
  throw SessionRefused({Reconnect::network, TransportState::offline, "the pipeline does not start"},
                       flow_->failed_decoder());
}

PipelinePtr make_pipeline() {
  gst::init();
  return PipelinePtr(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
}

void bury(gst::ElementPtr pipeline) {
  if (!pipeline) return;
  std::promise<void> promise;
  auto done = promise.get_future();
  std::thread digger([element = std::move(pipeline), promise = std::move(promise)]() mutable {
    gst_element_set_state(element.get(), GST_STATE_NULL);
    element.reset();
    promise.set_value();
  });
  if (done.wait_for(std::chrono::milliseconds{800}) == std::future_status::ready) return digger.join();
  log::warning("ingest", "a connection does not close; left to itself");
  digger.detach();
}

}  // namespace lynceus::ingest
