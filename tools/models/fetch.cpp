#include "tools/models/fetch.h"

#include <gst/gst.h>

#include <atomic>
#include <string_view>

#include "base/gst.h"
#include "base/log.h"
#include "pipeline/ingest/url.h"

namespace lynceus::tools {
namespace {

using Steady = std::chrono::steady_clock;

/// What the streaming thread and the waiting one share.
struct Transfer {
  const Take& take;
  std::atomic<Steady::rep> heard{Steady::now().time_since_epoch().count()};
  std::atomic<bool> refused{false};
};

void on_buffer(GstElement*, GstBuffer* buffer, GstPad*, gpointer given) {
  auto& transfer = *static_cast<Transfer*>(given);
  transfer.heard = Steady::now().time_since_epoch().count();
  GstMapInfo map{};
  if (transfer.refused || !gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
  if (!transfer.take({reinterpret_cast<const std::byte*>(map.data), map.size})) transfer.refused = true;
  gst_buffer_unmap(buffer, &map);
}

/// A pipeline that is stopped before what it calls goes.
class Running {
 public:
  explicit Running(GstElement* pipeline) : pipeline_(pipeline) {}
  ~Running() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  GstElement* get() const { return pipeline_.get(); }

 private:
  gst::ElementPtr pipeline_;
};

GstElement* source_of(const ingest::Url& url, const FetchLimits& limits) {
  GstElement* source = gst_element_factory_make("souphttpsrc", nullptr);
  if (source == nullptr) return nullptr;
  g_object_set(source, "location", url.bare().c_str(), "automatic-redirect", FALSE, "ssl-strict", TRUE, "timeout",
               static_cast<guint>(limits.silence.count()), "retries", 0, "user-agent", "Lynceus", "keep-alive", FALSE,
               nullptr);
  if (!url.user.empty()) {
    g_object_set(source, "user-id", url.user.c_str(), "user-pw", url.password.c_str(), nullptr);
  }
  return source;
}

/// The status where there was one, else the library's words.
std::string why(GstMessage* message) {
  GError* raw = nullptr;
  gst_message_parse_error(message, &raw, nullptr);
  const gst::ErrorPtr error(raw);
  const GstStructure* details = nullptr;
  gst_message_parse_error_details(message, &details);
  guint status = 0;
  if (details != nullptr && gst_structure_get_uint(details, "http-status-code", &status) && status >= 100) {
    const bool redirect = status >= 300 && status < 400;
    return "HTTP " + std::to_string(status) + (redirect ? ", a redirect, which is not followed" : "");
  }
  return error && error->message != nullptr ? error->message : "it broke off";
}

std::string wait(GstBus* bus, const Transfer& transfer, const FetchLimits& limits) {
  for (;;) {
    const auto wanted = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
    const gst::MessagePtr message(gst_bus_timed_pop_filtered(bus, 200 * GST_MSECOND, wanted));
    if (transfer.refused) return "it cannot be kept";
    if (message) return GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS ? "" : why(message.get());
    if (Steady::now() - Steady::time_point(Steady::duration(transfer.heard)) > limits.silence) {
      return "nothing came for " + std::to_string(limits.silence.count()) + " s";
    }
  }
}

}  // namespace

std::string fetch(const std::string& address, const FetchLimits& limits, const Take& take) {
  const auto url = ingest::parse_url(address);
  if (!url || (url->scheme != "http" && url->scheme != "https")) return "no address of the web";
  gst::init();
  Transfer transfer{take};
  const Running pipeline(gst_pipeline_new(nullptr));
  GstElement* source = source_of(*url, limits);
  if (source == nullptr) return "GStreamer's element souphttpsrc is not installed";
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline.get()), source, sink, nullptr);
  gst_element_link(source, sink);
  g_object_set(sink, "sync", FALSE, "signal-handoffs", TRUE, nullptr);
  g_signal_connect(sink, "handoff", G_CALLBACK(on_buffer), &transfer);
  const gst::BusPtr bus(gst_element_get_bus(pipeline.get()));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  return log::redact(wait(bus.get(), transfer, limits));
}

}  // namespace lynceus::tools
